// The unmodified npm client against a running endpoint; started by PhoenixClientTest.java.
import assert from "node:assert/strict"
import {test} from "node:test"
import {Presence, Socket} from "phoenix"
import WebSocket from "ws"

const port = process.env.MARTLET_PORT
assert.ok(port, "MARTLET_PORT names the port of the server under test")

const sockets = new Set()
test.afterEach(async () => {
  await Promise.all([...sockets].map(socket => new Promise(done => socket.disconnect(done))))
  sockets.clear()
})

const within = (what, promise, ms = 5000) => {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`no ${what} within ${ms} ms`)), ms) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const open = (params = {}, options = {}) => {
  const socket = new Socket(`ws://127.0.0.1:${port}/socket`, {
    params, transport: WebSocket, rejoinAfterMs: () => 10, reconnectAfterMs: () => 20, ...options
  })
  sockets.add(socket)
  socket.connect()
  return socket
}

const settled = push => within("reply", new Promise(resolve => {
  for (const status of ["ok", "error", "timeout"]) push.receive(status, response => resolve({status, response}))
}))

// The next event; call it before what causes it.
const next = (channel, event) => within(event, new Promise(resolve => {
  const ref = channel.on(event, payload => { channel.off(event, ref); resolve(payload) })
}))

const join = async (socket, topic, params = {}) => {
  const channel = socket.channel(topic, params)
  const {status, response} = await settled(channel.join())
  assert.equal(status, "ok", JSON.stringify(response))
  return channel
}

test("channels: joins, with a response and a push that follows it", async () => {
  const channel = open({user: "ann"}).channel("acc:1", {})
  const order = []
  const welcome = next(channel, "welcome").then(payload => { order.push("welcome"); return payload })
  const {status, response} = await settled(channel.join().receive("ok", () => order.push("reply")))
  assert.equal(status, "ok")
  assert.deepEqual(response, {topic: "acc:1"})
  assert.deepEqual(await welcome, {user: "ann"})
  assert.deepEqual(order, ["reply", "welcome"])
})

test("channels: a push gets its reply, typed and untyped, at once and later", async () => {
  const channel = await join(open(), "acc:1")
  assert.deepEqual(await settled(channel.push("echo", {text: "grüß Gott 👋"})), {status: "ok", response: {text: "grüß Gott 👋"}})
  assert.deepEqual(await settled(channel.push("later", {text: "x"})), {status: "ok", response: {text: "x"}})
  const payload = {deep: [1, {a: null}, "ü"], n: 1.5}
  assert.deepEqual(await settled(channel.push("any", payload)), {status: "ok", response: payload})
})

test("channels: a bad payload is refused by field, the channel lives", async () => {
  const channel = await join(open(), "acc:1")
  const {status, response} = await settled(channel.push("echo", {text: 5}))
  assert.equal(status, "error")
  assert.equal(response.field, "text")
  assert.equal((await settled(channel.push("echo", {}))).response.field, "text")
  assert.equal((await settled(channel.push("echo", {text: null}))).response.field, "text")
  assert.equal((await settled(channel.push("nonsense", {}))).response.reason, "unknown event")
  assert.equal((await settled(channel.push("echo", {text: "still here"}))).status, "ok")
})

test("channels: a refused join says why, a crashed one too, an unknown topic as well", async () => {
  const socket = open()
  const outcome = async (topic, params) => {
    const channel = socket.channel(topic, params)
    const {status, response} = await settled(channel.join())
    channel.leave()
    return [status, response.reason]
  }
  assert.deepEqual(await outcome("acc:1", {reject: true}), ["error", "unauthorized"])
  assert.deepEqual(await outcome("acc:2", {crash: true}), ["error", "join crashed"])
  assert.deepEqual(await outcome("nowhere", {}), ["error", "unmatched topic"])
})

test("channels: a broadcast reaches everybody on the topic, before the reply of its sender", async () => {
  const ann = await join(open({user: "ann"}), "acc:room")
  const bob = await join(open({user: "bob"}), "acc:room")
  const other = await join(open({user: "eve"}), "acc:other")
  other.on("shouted", () => assert.fail("heard on another topic"))
  const order = []
  ann.on("shouted", () => order.push("broadcast"))
  const heard = [next(ann, "shouted"), next(bob, "shouted")]
  await settled(ann.push("shout", {body: "hi"}).receive("ok", () => order.push("reply")))
  for (const message of await Promise.all(heard)) assert.deepEqual(message, {body: "hi"})
  assert.deepEqual(order, ["broadcast", "reply"])
})

test("channels: broadcastFrom leaves the sender out", async () => {
  const ann = await join(open(), "acc:room")
  const bob = await join(open(), "acc:room")
  const heardByAnn = []
  ann.on("shouted", payload => heardByAnn.push(payload.body))
  const heard = next(bob, "shouted")
  await settled(ann.push("shout_from", {body: "psst"}))
  assert.deepEqual(await heard, {body: "psst"})
  await settled(ann.push("shout", {body: "loud"}))
  assert.deepEqual(heardByAnn, ["loud"])
})

test("channels: broadcasts of one sender arrive in order", async () => {
  const ann = await join(open(), "acc:room")
  const bob = await join(open(), "acc:room")
  const heard = []
  const all = new Promise(resolve => bob.on("shouted", ({body}) => { heard.push(+body); if (heard.length === 500) resolve() }))
  for (let i = 0; i < 500; i++) ann.push("shout", {body: String(i)})
  await within("500 broadcasts", all)
  assert.deepEqual(heard, [...heard.keys()])
})

test("channels: after leave there are no more broadcasts, and the topic can be joined again", async () => {
  const socket = open()
  const ann = await join(socket, "acc:room")
  const bob = await join(open(), "acc:room")
  ann.on("shouted", () => assert.fail("heard after leave"))
  assert.equal((await settled(ann.leave())).status, "ok")
  await settled(bob.push("shout", {body: "gone?"}))
  const again = await join(socket, "acc:room")
  assert.deepEqual((await settled(again.push("count", {}))).response, {count: 0})
})

test("channels: a crash is that channel's only; the client joins again with a fresh state", async () => {
  const socket = open()
  const ann = await join(socket, "acc:crashing")
  const calm = await join(socket, "acc:calm")
  const calmErrors = []
  calm.onError(reason => calmErrors.push(reason))
  await settled(ann.push("echo", {text: "1"}))
  await settled(calm.push("echo", {text: "1"}))
  const failed = within("phx_error", new Promise(resolve => ann.onError(resolve)))
  const welcome = next(ann, "welcome")
  const crash = ann.push("crash", {})
  assert.deepEqual(await failed, {reason: "channel_crash"})
  crash.cancelTimeout() // it gets no reply, and its timer would keep node alive
  await welcome // of the rejoin, which is the client's own doing
  assert.deepEqual((await settled(ann.push("count", {}))).response, {count: 0})
  assert.deepEqual((await settled(calm.push("count", {}))).response, {count: 1})
  assert.deepEqual(calmErrors, [])
})

test("channels: an orderly stop closes for good, after its reply", async () => {
  const ann = await join(open(), "acc:1")
  const closed = within("phx_close", new Promise(resolve => ann.onClose(resolve)))
  assert.deepEqual(await settled(ann.push("stop_reply", {text: "bye"})), {status: "ok", response: {text: "bye"}})
  await closed
  assert.equal(ann.state, "closed")
})

test("channels: a second channel object for the same topic replaces the first", async () => {
  const socket = open()
  const first = await join(socket, "acc:1")
  await settled(first.push("echo", {text: "1"}))
  const second = await join(socket, "acc:1")
  assert.deepEqual((await settled(second.push("count", {}))).response, {count: 0})
})

test("channels: binary payloads there and back", async () => {
  const ann = await join(open(), "acc:bin")
  const bob = await join(open(), "acc:bin")
  const bytes = Uint8Array.from([0, 1, 2, 250, 255]).buffer
  const {status, response} = await settled(ann.push("any", bytes))
  assert.equal(status, "ok")
  assert.deepEqual(new Uint8Array(response), new Uint8Array(bytes))
  const pushed = next(ann, "bin_pushed")
  await settled(ann.push("bin_push", bytes))
  assert.deepEqual(new Uint8Array(await pushed), new Uint8Array(bytes))
  const heard = next(bob, "bin_shouted")
  await settled(ann.push("bin_shout", bytes))
  assert.deepEqual(new Uint8Array(await heard), new Uint8Array(bytes))
})

test("channels: version 1 of the protocol", async () => {
  const socket = open({}, {
    vsn: "1.0.0",
    encode: ({join_ref, ref, topic, event, payload}, done) => done(JSON.stringify({join_ref, ref, topic, event, payload})),
    decode: (raw, done) => done(JSON.parse(raw))
  })
  const one = await join(socket, "acc:mixed")
  const two = await join(open(), "acc:mixed")
  assert.deepEqual((await settled(one.push("echo", {text: "v1"}))).response, {text: "v1"})
  const heard = [next(one, "shouted"), next(two, "shouted")]
  await settled(two.push("shout", {body: "to both"}))
  for (const message of await Promise.all(heard)) assert.deepEqual(message, {body: "to both"})
})

test("channels: a version 1 client on the topic does not hurt a binary broadcast", async () => {
  const socket = open({}, {
    vsn: "1.0.0",
    encode: ({join_ref, ref, topic, event, payload}, done) => done(JSON.stringify({join_ref, ref, topic, event, payload})),
    decode: (raw, done) => done(JSON.parse(raw))
  })
  await join(socket, "acc:mixed")
  const two = await join(open(), "acc:mixed")
  const heard = next(two, "bin_shouted")
  assert.equal((await settled(two.push("bin_shout", new ArrayBuffer(3)))).status, "ok")
  assert.equal((await heard).byteLength, 3)
})

test("socket: heartbeats are answered", async () => {
  const socket = open()
  await within("open", new Promise(resolve => socket.onOpen(resolve)))
  await within("pong", new Promise(resolve => assert.ok(socket.ping(resolve))))
})

test("socket: connect may refuse", async () => {
  const socket = open({reject: "true"})
  await within("error", new Promise(resolve => socket.onError(resolve)))
  assert.equal(socket.isConnected(), false)
})

const names = presence => presence.list(name => name).sort()

test("presence: who is here, comes, changes and goes", async () => {
  const ann = open({user: "ann"}).channel("here:1", {})
  const presence = new Presence(ann)
  const until = (what, fact) => within(what, new Promise(resolve => {
    const look = () => { if (fact()) resolve() }
    presence.onSync(look)
    look()
  }))
  await settled(ann.join())
  await until("ann", () => names(presence).join() === "ann")

  const bob = await join(open({user: "bob"}), "here:1")
  await until("bob", () => names(presence).join() === "ann,bob")

  await settled(bob.push("away", {}))
  await until("bob away", () => presence.state.bob?.metas.map(meta => meta.status).join() === "away")
  assert.ok(presence.state.bob.metas[0].phx_ref_prev)

  const tab = await join(open({user: "bob"}), "here:1")
  await until("second tab", () => presence.state.bob?.metas.length === 2)
  await settled(tab.leave())
  await until("one tab", () => presence.state.bob?.metas.length === 1)

  await settled(bob.leave())
  await until("bob gone", () => names(presence).join() === "ann")
})

test("presence: the state a joiner gets has those who were there", async () => {
  await join(open({user: "ann"}), "here:2")
  const bob = open({user: "bob"}).channel("here:2", {})
  const state = next(bob, "presence_state")
  await settled(bob.join())
  const {ann, bob: self} = await state
  assert.equal(ann.metas[0].status, "on")
  assert.ok(ann.metas[0].phx_ref)
  assert.equal(self.metas.length, 1)
})

test("presence: a lost connection and a crash take their entries along", async () => {
  const ann = open({user: "ann"}).channel("here:3", {})
  const presence = new Presence(ann)
  await settled(ann.join())
  const leaves = []
  const left = who => within(`${who} to leave`, new Promise(resolve => {
    presence.onLeave(key => { leaves.push(key); if (key === who) resolve() })
  }))
  const socket = open({user: "bob"}, {reconnectAfterMs: () => 60_000})
  await join(socket, "here:3")
  const bobLeft = left("bob")
  socket.conn.terminate()
  await bobLeft

  const eve = await join(open({user: "eve"}, {rejoinAfterMs: () => 60_000}), "here:3")
  const eveLeft = left("eve")
  const crash = eve.push("crash", {})
  await eveLeft
  crash.cancelTimeout()
  eve.leave() // or its rejoin timer keeps node alive
  assert.deepEqual(names(presence), ["ann"])
})
