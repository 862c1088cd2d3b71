import { Socket } from "./phoenix.mjs"
import { $, el } from "./dom.js"
import { avatar, showPeople, showTyping } from "./people.js"
import { Log } from "./log.js"
import { Room } from "./room.js"

// The room is in the address, so that it can be shared; the name belongs to the tab, so that two tabs are two people.
const here = () => decode(location.hash.slice(1))
const me = () => sessionStorage.getItem("martlet.name") ?? ""
const visited = () => JSON.parse(localStorage.getItem("martlet.rooms") ?? '["lobby"]')
const drafts = new Map()
let socket, room, log, current = "", unread = 0

function start() {
  addEventListener("hashchange", () => (me() ? enter(here()) : welcome()))
  document.addEventListener("visibilitychange", () => showUnread(0))
  $("enter").onsubmit = submitted(() => goTo($("room").value, $("name").value))
  $("open").onsubmit = submitted(() => goTo($("other").value))
  $("composer").onsubmit = submitted(say)
  $("rename").onclick = () => welcome()
  $("menu").onclick = () => toggleSide()
  $("chat").onclick = ({ target }) => target.closest("#side, #menu") || toggleSide(false)
  $("body").oninput = typed
  $("body").onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submitted(say)(event)
  }
  addEventListener("keydown", (event) => event.key === "Escape" && toggleSide(false))
  if (me() && here()) enter(here())
  else welcome()
}

const submitted = (action) => (event) => {
  event.preventDefault()
  action()
}

function welcome(problem = "") {
  disconnect()
  $("chat").hidden = true
  $("welcome").hidden = false
  $("name").value = me() || (localStorage.getItem("martlet.name") ?? "")
  $("room").value = here() || "lobby"
  $("problem").textContent = problem
  $("problem").hidden = !problem
  document.title = "Martlet chat"
  $(problem && $("name").value ? "room" : "name").select()
}

/** Goes to the room that was typed, as a room is spelt, under a new name if one is given. */
function goTo(typedRoom, name = me()) {
  const id = typedRoom.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")
  if (!name.trim()) return welcome("A name is needed, so that the others know who speaks.")
  if (!id) return $("welcome").hidden || welcome("A room name is made of letters a-z, digits and dashes.")
  sessionStorage.setItem("martlet.name", name.trim())
  localStorage.setItem("martlet.name", name.trim())
  $("other").value = ""
  if (here() === id) enter(id)
  else location.hash = id // hashchange enters
}

function enter(id) {
  if (current) drafts.set(current, $("body").value)
  leave()
  connect()
  current = id
  $("welcome").hidden = true
  $("chat").hidden = false
  $("title").textContent = id
  $("body").placeholder = `Message #${id}`
  $("body").value = drafts.get(id) ?? ""
  $("me").replaceChildren(avatar(me()), el("span", { class: "name" }, me()))
  showPeople([], me())
  showTyping([])
  showUnread(0)
  toggleSide(false)
  log = new Log(me(), (key) => room.discard(key))
  room = new Room(socket, me(), id, viewOf(log, id))
  remember(visited().includes(id) ? visited() : [id, ...visited()].slice(0, 8))
  typed()
  $("body").focus()
}

function viewOf(log, id) {
  return {
    joined(state) {
      log.joined(state)
      connection("online")
    },
    said(line) {
      log.add([line])
      if (document.hidden && line.name !== me()) showUnread(unread + 1)
    },
    waiting: (entries) => log.waiting(entries),
    here: (people) => showPeople(people, me()),
    typing: showTyping,
    away: () => connection(socket?.isConnected() ? "joining" : "offline"),
    refused(reason) {
      remember(visited().filter((other) => other !== id))
      welcome(reason)
    },
  }
}

function connect() {
  if (socket) return
  connection("connecting")
  const link = (socket = new Socket("/socket", { params: { name: me() } }))
  const when = (state) => () => link === socket && connection(state) // not the socket of an earlier name
  link.onOpen(when("joining"))
  link.onError(when("offline"))
  link.onClose(when("offline"))
  link.connect()
}

function leave() {
  room?.leave()
  log?.close()
  room = log = undefined
  current = ""
}

function disconnect() {
  leave()
  socket?.disconnect()
  socket = undefined
}

const CONNECTION = { connecting: "Connecting…", joining: "Joining…", online: "Connected", offline: "Offline, reconnecting…" }

function connection(state) {
  $("connection").dataset.state = state
  $("connection").textContent = CONNECTION[state]
  if (state !== "online") showTyping([])
  if (state === "offline") $("typing").textContent = "Write on: it is kept here and sent when we are back."
}

function say() {
  const body = $("body").value.trim()
  if (!body) return
  room.say(body)
  $("body").value = ""
  resize()
}

function typed() {
  if ($("body").value.trim()) room.type()
  resize()
}

function resize() {
  const { value, maxLength, style } = $("body")
  style.height = "auto"
  style.height = `${$("body").scrollHeight}px`
  $("left").textContent = maxLength - value.length < 200 ? `${maxLength - value.length} left` : ""
}

function remember(ids) {
  localStorage.setItem("martlet.rooms", JSON.stringify(ids))
  $("rooms").replaceChildren(...ids.map((id) => {
    const link = el("a", { href: `#${id}` }, el("span", { class: "hash", ariaHidden: "true" }, "#"), id)
    if (id === current) link.setAttribute("aria-current", "page")
    return el("li", {}, link)
  }))
}

function showUnread(count) {
  unread = count
  document.title = `${count ? `(${count}) ` : ""}#${current} · Martlet chat`
}

function toggleSide(open = !$("chat").classList.contains("side-open")) {
  $("chat").classList.toggle("side-open", open)
  $("menu").setAttribute("aria-expanded", open)
  if (open) $("rooms").querySelector("a")?.focus()
}

function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

start()
