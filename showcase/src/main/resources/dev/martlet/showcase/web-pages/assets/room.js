import { Presence } from "./phoenix.mjs"
import { Outbox } from "./outbox.js"

const TYPING_EVERY = 2_000 // one is said to be typing at most that often …
const TYPING_FOR = 4_000 // … and believed for that long, so that a lost "stopped" needs no message

/**
 * One joined room. It tells `view` what to show: `joined({epoch, lines})`, `said(line)`, `waiting(entries)`, `here(people)`,
 * `typing(names)`, `away()`, `refused(reason)`.
 */
export class Room {
  #channel
  #outbox
  #view
  #typists = new Map()
  #typedAt = -Infinity

  constructor(socket, me, id, view) {
    this.#view = view
    this.#channel = socket.channel(`room:${id}`)
    this.#outbox = new Outbox(`martlet.outbox ${id} ${me}`, (entries) => view.waiting(entries))

    const presence = new Presence(this.#channel)
    presence.onSync(() => view.here(presence.list((name, { metas }) => ({ name, tabs: metas.length }))))

    this.#channel.on("new_msg", (line) => this.#said(line))
    this.#channel.on("typing", ({ name }) => name !== me && this.#typing(name))
    this.#channel.onError(() => view.away())
    this.#channel
      .join() // its hooks run again after each rejoin
      .receive("ok", (room) => this.#joined(room))
      .receive("error", ({ reason }) => this.#refused(reason))
    view.waiting(this.#outbox.list())
  }

  say(body) {
    this.#outbox.add(body, this.#channel)
    this.#typedAt = -Infinity
  }

  discard(key) {
    this.#outbox.settle(key)
  }

  /** Tells the others, now and then, that something is being typed. Worth nothing later, so never kept. */
  type() {
    if (performance.now() - this.#typedAt < TYPING_EVERY || !this.#channel.canPush()) return
    this.#typedAt = performance.now()
    this.#channel.push("typing", {})
  }

  leave() {
    for (const timer of this.#typists.values()) clearTimeout(timer)
    this.#channel.leave()
  }

  #joined(room) {
    this.#view.joined(room)
    for (const { key } of room.lines) this.#outbox.settle(key)
    this.#outbox.flush(this.#channel)
  }

  #refused(reason) {
    this.#channel.leave() // or the client would ask again and again
    this.#view.refused(reason)
  }

  #said(line) {
    this.#stopped(line.name)
    this.#view.said(line)
    this.#outbox.settle(line.key)
  }

  #typing(name) {
    clearTimeout(this.#typists.get(name))
    this.#typists.set(name, setTimeout(() => this.#stopped(name), TYPING_FOR))
    this.#view.typing([...this.#typists.keys()])
  }

  #stopped(name) {
    clearTimeout(this.#typists.get(name))
    if (this.#typists.delete(name)) this.#view.typing([...this.#typists.keys()])
  }
}
