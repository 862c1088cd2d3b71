/** The element with that id; the page without it is broken, so it fails by name. */
export const $ = (id) => document.getElementById(id) ?? missing(id)

function missing(id) {
  throw new Error(`index.html has no element with the id "${id}"`)
}

/** Makes an element. Children are elements or text, never markup: nothing a user wrote becomes HTML. */
export function el(tag, props = {}, ...children) {
  const { class: name, data = {}, ...rest } = props
  const element = Object.assign(document.createElement(tag), rest)
  if (name) element.className = name
  Object.assign(element.dataset, data)
  element.append(...children)
  return element
}
