import { $, el } from "./dom.js"

/** A round badge with the initials of a name, in a colour that follows from the name alone. */
export function avatar(name) {
  const badge = el("span", { class: "avatar", ariaHidden: "true" }, initials(name))
  badge.style.setProperty("--hue", hue(name))
  return badge
}

function initials(name) {
  const words = name.split(/[\s._-]+/u).filter(Boolean)
  const first = (word) => [...word][0] ?? ""
  return (first(words[0] ?? "?") + (words.length > 1 ? first(words.at(-1)) : "")).toLocaleUpperCase()
}

/** FNV-1a, turned into one of 24 hues: similar names still differ visibly. */
function hue(name) {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return (((hash >>> 8) ^ hash) % 24) * 15
}

/** Shows who is here: `people` is `[{name, tabs}]`. */
export function showPeople(people, me) {
  const sorted = people.toSorted((a, b) => (b.name === me) - (a.name === me) || a.name.localeCompare(b.name))
  $("count").textContent = people.length || ""
  $("people").replaceChildren(...sorted.map((person) => row(person, me)))
  const faces = sorted.slice(0, 4).map(({ name }) => avatar(name))
  if (sorted.length > 4) faces.push(el("span", { class: "more" }, `+${sorted.length - 4}`))
  $("faces").replaceChildren(...faces)
}

function row({ name, tabs }, me) {
  const notes = [name === me && "you", tabs > 1 && `${tabs} tabs`].filter(Boolean).join(", ")
  return el("li", { data: { name } }, avatar(name), el("span", { class: "name" }, name), el("span", { class: "note" }, notes))
}

/** "Ann is typing…" */
export function showTyping(names) {
  const who = names.length > 2 ? "Several people are" : names.length === 2 ? `${names.join(" and ")} are` : `${names[0]} is`
  $("typing").replaceChildren(...(names.length ? [dots(), `${who} typing…`] : []))
}

const dots = () => el("span", { class: "dots", ariaHidden: "true" }, el("i"), el("i"), el("i"))
