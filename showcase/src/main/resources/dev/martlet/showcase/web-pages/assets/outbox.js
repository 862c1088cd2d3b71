/**
 * Messages on their way. They are shown at once and kept until the room has answered, across disconnects, room changes
 * and reloads of this tab. Each carries a key of its own, so the room takes a message that is sent twice only once.
 */
export class Outbox {
  #entries
  #store
  #changed

  constructor(store, changed) {
    this.#store = store
    this.#changed = changed
    this.#entries = new Map(JSON.parse(sessionStorage.getItem(store) ?? "[]").map((entry) => [entry.key, entry]))
  }

  list() {
    return [...this.#entries.values()]
  }

  add(body, channel) {
    const entry = { key: randomKey(), body, at: new Date().toISOString() }
    this.#entries.set(entry.key, entry)
    this.#save()
    this.#send(entry, channel)
  }

  /** The room has it, or the writer no longer wants it. */
  settle(key) {
    if (this.#entries.delete(key)) this.#save()
  }

  /** Sends what has no answer yet; called whenever the room was joined. */
  flush(channel) {
    for (const entry of this.list()) if (!entry.refused) this.#send(entry, channel)
  }

  #send(entry, channel) {
    // While the room is out of reach the message waits here, not in the client, whose buffer a rejoin may discard.
    if (!channel.canPush()) return
    const attempt = (entry.attempt = (entry.attempt ?? 0) + 1)
    const waiting = () => this.#entries.get(entry.key) === entry && entry.attempt === attempt
    channel
      .push("new_msg", { body: entry.body, key: entry.key })
      .receive("ok", () => this.settle(entry.key))
      .receive("error", ({ reason }) => waiting() && this.#refuse(entry, reason))
      .receive("timeout", () => waiting() && this.#send(entry, channel))
  }

  #refuse(entry, reason) {
    entry.refused = String(reason ?? "the room refused it")
    this.#save()
  }

  #save() {
    const entries = this.list()
    if (entries.length) sessionStorage.setItem(this.#store, JSON.stringify(entries))
    else sessionStorage.removeItem(this.#store)
    this.#changed(entries)
  }
}

// Not randomUUID: browsers offer that only to pages served over HTTPS or from localhost.
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")
}
