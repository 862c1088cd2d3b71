import { $, el } from "./dom.js"
import { avatar } from "./people.js"

const TOGETHER = 5 * 60_000 // lines of one person within that time stand together
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" })
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" })

/** The conversation: lines the room has, then those of ours that it has not answered yet. */
export class Log {
  #me
  #seen = new Set()
  #last = null
  #day = ""
  #epoch = "" // of the room, once joined
  #discard
  #follows = true
  #list = $("log")
  #scroller = $("scroller")
  #resized = new ResizeObserver(() => this.#follows && this.#toEnd())

  constructor(me, discard) {
    this.#me = me
    this.#discard = discard
    this.#list.replaceChildren()
    $("empty").hidden = true
    $("latest").hidden = true
    $("latest").onclick = () => this.#toEnd()
    this.#scroller.onscroll = () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#scroller
      this.#follows = scrollHeight - scrollTop - clientHeight < 40
      if (this.#follows) $("latest").hidden = true
    }
    this.#resized.observe(this.#scroller)
  }

  /** Lets go of the page; another log takes it over. */
  close() {
    this.#resized.disconnect()
  }

  /** Adds lines that are not there yet. */
  add(lines) {
    const fresh = lines.filter(({ id }) => !this.#seen.has(id))
    for (const line of fresh) this.#append(line)
    this.#changed(fresh.length > 0)
  }

  /** Adds what the room has. A room with another epoch has lost its memory; what we saw stays, above a note that says so. */
  joined({ epoch, lines }) {
    if (this.#last && this.#epoch !== epoch) this.#note("The room was restarted and no longer knows what is above.")
    this.#epoch = epoch
    this.add(lines)
  }

  /** Shows what is on its way, always below the rest. */
  waiting(entries) {
    for (const item of this.#list.querySelectorAll(".waiting")) item.remove()
    this.#list.append(...entries.map((entry) => this.#waitingItem(entry)))
    this.#changed(entries.length > 0)
  }

  #append(line) {
    this.#seen.add(line.id)
    const at = new Date(line.at)
    const today = day.format(at)
    if (today !== this.#day) this.#note((this.#day = today) === day.format() ? "Today" : today)
    const together = this.#last?.name === line.name && at - new Date(this.#last.at) < TOGETHER
    this.#insert(this.#item(line, at, together))
    this.#last = line
  }

  #item({ name, body }, at, together) {
    const mine = name === this.#me
    const time = el("time", { dateTime: at.toISOString(), title: moment.format(at) }, clock.format(at))
    const head = el("p", { class: "head" }, el("strong", {}, name), " ", time)
    const kind = `line${mine ? " mine" : ""}${together ? " together" : ""}`
    return el("li", { class: kind }, avatar(name), el("div", {}, head, el("p", { class: "body", dir: "auto" }, body)))
  }

  #waitingItem({ key, body, refused }) {
    const state = refused ? `Not sent: ${refused} ` : "Waiting to be sent…"
    const head = el("p", { class: "head" }, state)
    if (refused) head.append(el("button", { type: "button", class: "quiet", onclick: () => this.#discard(key) }, "Discard"))
    const text = el("p", { class: "body", dir: "auto" }, body)
    return el("li", { class: `line mine waiting${refused ? " refused" : ""}` }, el("div", {}, text, head))
  }

  #note(text) {
    this.#insert(el("li", { class: "note" }, el("span", {}, text)))
    this.#last = null
  }

  #insert(item) {
    this.#list.insertBefore(item, this.#list.querySelector(".waiting"))
  }

  #changed(added) {
    $("empty").hidden = !this.#epoch || this.#list.childElementCount > 0
    if (this.#follows) this.#toEnd()
    else if (added) $("latest").hidden = false
  }

  #toEnd() {
    this.#follows = true
    $("latest").hidden = true
    this.#scroller.scrollTop = this.#scroller.scrollHeight
  }
}
