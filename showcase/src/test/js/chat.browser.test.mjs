// Two tabs of a real browser chat through a real server, which is stopped and started under them.
// ChatInTheBrowserTest.java runs this file; it serves the page and answers on CONTROL.
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { mkdir, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { chromium } from "playwright-core"

const { MARTLET_URL: URL_OF_PAGE, MARTLET_CONTROL: CONTROL, MARTLET_SCREENSHOT: SCREENSHOT } = process.env
const CHROMIUM = "/usr/bin/chromium"
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
]
const WIDTH = 760, HEIGHT = 620

let browser, context, ann, ben, cyd
const surprises = []

before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS }) // with a profile of its own, gone afterwards
  context = await browser.newContext({ viewport: { width: WIDTH, height: HEIGHT }, locale: "en-GB" })
  context.setDefaultTimeout(10_000)
})
after(() => browser?.close())

/** A tab that has entered `room` as `name`, through the form. Whatever it complains about fails the last test. */
async function tab(name, room) {
  const page = await context.newPage()
  page.on("pageerror", (error) => surprises.push(`${name}: ${error.stack}`))
  page.on("console", (said) => said.type() === "error" && surprises.push(`${name}: ${said.text()}`))
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(URL_OF_PAGE).origin) surprises.push(`${name}: asked ${request.url()}`)
  })
  await page.goto(URL_OF_PAGE)
  await page.fill("#name", name)
  await page.fill("#room", room)
  await page.press("#room", "Enter")
  await online(page)
  return page
}

const online = (page) => page.locator("#connection[data-state=online]").waitFor()
const offline = (page) => page.locator("#connection[data-state=offline]").waitFor()
const sees = (page, name) => page.locator(`#people li[data-name="${name}"]`).waitFor()
const reads = (page, body) => page.locator("#log .line:not(.waiting) .body").getByText(body, { exact: true }).waitFor()
const lines = (page) => page.locator("#log .line .body").allTextContents()

async function says(page, body) {
  await page.fill("#body", body)
  await page.press("#body", "Enter")
}

async function server(order) {
  const answer = await fetch(`${CONTROL}/${order}`, { method: "POST" })
  assert.equal(answer.status, 204, `the server did not ${order}: ${await answer.text()}`)
}

test("two tabs in one room see each other", async () => {
  ;[ann, ben] = [await tab("Ann", "lobby"), await tab("Ben", "lobby")]
  await Promise.all([sees(ann, "Ann"), sees(ann, "Ben"), sees(ben, "Ann"), sees(ben, "Ben")])
  assert.equal(await ann.textContent("#count"), "2")
})

test("one sees that the other is typing, until the message is there", async () => {
  await ann.locator("#body").pressSequentially("Good morning!")
  await ben.locator("#typing").getByText("Ann is typing…").waitFor()
  assert.equal(await ann.textContent("#typing"), "", "nobody is told about their own typing")
  await ann.press("#body", "Enter")
  await reads(ben, "Good morning!")
  assert.equal(await ben.textContent("#typing"), "", "it is gone when the message is there")
})

test("messages go both ways and stand on the right side", async () => {
  await says(ben, "Good morning, Ann. Did the release go out?")
  await reads(ann, "Good morning, Ann. Did the release go out?")
  await says(ann, "At six. Nobody was disconnected for more than a second.")
  await reads(ben, "At six. Nobody was disconnected for more than a second.")
  assert.equal(await ann.locator("#log .mine").count(), 2)
  assert.equal(await ben.locator("#log .mine").count(), 1)
  assert.deepEqual(await lines(ann), await lines(ben))
})

test("another room hears nothing of it", async () => {
  cyd = await tab("Cyd", "garden")
  await says(ann, "The graphs are in the wiki.")
  await reads(ben, "The graphs are in the wiki.")
  await says(cyd, "It is quiet here.")
  await reads(cyd, "It is quiet here.")
  assert.deepEqual(await lines(cyd), ["It is quiet here."])
  assert.equal(await cyd.textContent("#count"), "1")
})

test("a room is changed without a reload, and tells its history", async () => {
  await cyd.evaluate(() => (window.sameDocument = true))
  await cyd.fill("#other", "Lobby")
  await cyd.press("#other", "Enter")
  await sees(cyd, "Ann")
  await sees(ben, "Cyd")
  assert.deepEqual(await lines(cyd), await lines(ann))
  assert.equal(await cyd.evaluate(() => window.sameDocument && location.hash), "#lobby")
  await cyd.goBack()
  await reads(cyd, "It is quiet here.")
  await ben.locator('#people li[data-name="Cyd"]').waitFor({ state: "detached" })
})

test("a picture of the two", async () => {
  await Promise.all([sees(ann, "Ben"), sees(ben, "Ann")])
  await ben.emulateMedia({ colorScheme: "dark" })
  await says(ben, "Well done! Coffee at ten?")
  await reads(ann, "Well done! Coffee at ten?")
  await ann.locator("#body").pressSequentially("Gladly, I will")
  await ben.locator("#typing").getByText("Ann is typing…").waitFor()
  await picture([await ann.screenshot(), await ben.screenshot()])
  await ann.fill("#body", "")
})

/** Sets the pictures side by side and writes them as one. */
async function picture(shots) {
  const page = await browser.newPage({ viewport: { width: WIDTH * shots.length + 20 * (shots.length + 1), height: HEIGHT + 40 } })
  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString("base64")}">`)
  await page.setContent(`<style>
    body { margin: 0; padding: 20px; display: flex; gap: 20px; background: #d9d5c8 }
    img { border-radius: 12px; box-shadow: 0 6px 24px #0003 }</style>${images.join("")}`)
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0))
  await mkdir(dirname(SCREENSHOT), { recursive: true })
  await writeFile(SCREENSHOT, await page.screenshot())
  await page.close()
}

test("what somebody wrote is text, whatever it looks like", async () => {
  const nasty = "<img src=x onerror=\"document.title='owned'\"> & **bold**"
  await says(ben, nasty)
  await reads(ann, nasty)
  assert.equal(await ann.locator("#log img").count(), 0)
})

test("a reload comes back to the same room under the same name", async () => {
  const before = await lines(ann)
  await ann.reload()
  await online(ann)
  await sees(ann, "Ben")
  assert.equal(await ann.textContent("#title"), "lobby")
  assert.deepEqual(await lines(ann), before)
  assert.equal(await ann.locator("#people .note").getByText("you").count(), 1)
})

test("while the server is away, what is written waits; when it is back, all goes on", async () => {
  await server("stop")
  await Promise.all([offline(ann), offline(ben)])
  await says(ann, "Written while nobody listened.")
  await ann.locator("#log .waiting").getByText("Written while nobody listened.").waitFor()

  await server("start")
  await Promise.all([online(ann), online(ben), sees(ann, "Ben"), sees(ben, "Ann")])
  await reads(ben, "Written while nobody listened.")
  await says(ben, "There you are again.")
  await reads(ann, "There you are again.")
  await ann.locator("#log .waiting").waitFor({ state: "detached" })

  const count = (all, body) => all.filter((line) => line === body).length
  assert.equal(count(await lines(ben), "Written while nobody listened."), 1, "it is said once")
  assert.ok((await lines(ann)).includes("Good morning!"), "the tab still shows what the server forgot")
})

test("the server refuses a room with a bad name, and the page says why", async () => {
  await cyd.evaluate(() => (location.hash = "No such room!"))
  await cyd.locator("#problem").getByText("a room name has 1 to 32 characters").waitFor()
  await cyd.fill("#room", "garden")
  await cyd.press("#room", "Enter")
  await online(cyd)
})

test("a message that the room refuses is kept, with the reason, until it is discarded", async () => {
  await cyd.evaluate(() => document.querySelector("#body").removeAttribute("maxlength"))
  await says(cyd, "x".repeat(2_001))
  await cyd.locator("#log .refused").getByText("a message has 1 to 2,000 characters; got 2,001").waitFor()
  await cyd.locator("#log .refused button").click()
  await cyd.locator("#log .refused").waitFor({ state: "detached" })
  await says(cyd, "Shorter, then.")
  await reads(cyd, "Shorter, then.")
})

test("no tab complained, and none asked any other server", () => {
  // While the server is away, browsers report each refused connection as an error; that is what the test does to them.
  assert.deepEqual(surprises.filter((what) => !what.includes("WebSocket connection to")), [])
})
