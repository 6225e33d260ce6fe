// Walks through pages that are served on this machine, as somebody with a browser does. Reads walks as JSON from standard
// input and writes what was seen as JSON. A walk is as `walking.py` tells it. Whatever is asked of another machine is noted.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { browser: program, modules, opened, walks } = JSON.parse(readFileSync(0, "utf8"));
const installed = createRequire(`${modules}/`);
const { chromium } = installed("playwright-core");
const axe = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const HOME = new URL(opened).origin;

/** What can be done on a page; each gives what is told of it. */
const STEPS = {
  goto: (page, path) => page.goto(HOME + path, { waitUntil: "load" }).then((answer) => answer.status()),
  press: (page, key) => page.keyboard.press(key),
  go: async (page, key) => {
    const moved = page.waitForEvent("framenavigated");
    await page.keyboard.press(key);
    await moved;
    await page.waitForLoadState("load");
  },
  type: (page, text) => page.keyboard.type(text),
  click: async (page, selector) => {
    await page.locator(selector).first().click();
    await page.waitForLoadState("load");
  },
  fill: (page, selector, text) => page.locator(selector).first().fill(text),
  choose: (page, selector, label) => page.locator(selector).first().selectOption({ label }),
  check: (page, selector) => page.locator(selector).first().check(),
  text: (page, selector) => page.locator(selector).first().innerText(),
  value: (page, selector) => page.locator(selector).first().inputValue(),
  count: (page, selector) => page.locator(selector).count(),
  visible: (page, selector) => page.locator(selector).first().isVisible(),
  focus: (page, selector) => page.locator(selector).first().focus(),
  at: (page) => page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)),
  back: (page) => page.goBack({ waitUntil: "load" }).then(() => page.url()),
  url: (page) => page.url(),
  shown: (page, selector) =>
    page.evaluate((wanted) => {
      const scroll = document.querySelector(wanted).closest(".scroll").getBoundingClientRect();
      const [first, ...others] = document.querySelector(wanted).querySelectorAll("thead th");
      const stays = getComputedStyle(first).position === "sticky"; // and what goes on below it is not seen
      const from = stays ? first.getBoundingClientRect().right : scroll.left;
      const seen = others.filter((it) => it.getBoundingClientRect().left >= from - 1 && it.getBoundingClientRect().right <= scroll.right + 1);
      return [first, ...seen].map((it) => it.innerText);
    }, selector),
};

/** What axe-core finds; it is put into the page by the driver, past the page's own policy. */
async function audited(page, what) {
  await page.evaluate(axe);
  const wanted = what === "colours" ? { type: "rule", values: ["color-contrast"] } : { type: "tag", values: RULES };
  return page.evaluate(async (runOnly) => {
    const told = await axe.run(document, { runOnly, resultTypes: ["violations"] });
    return told.violations.flatMap(({ id, nodes }) => nodes.map((it) => `${id}: ${it.target.join(" ")}: ${it.failureSummary}`));
  }, wanted);
}

async function walked(browser, walk) {
  const context = await browser.newContext({
    colorScheme: walk.dark ? "dark" : "light",
    viewport: { width: walk.width, height: 900 },
    javaScriptEnabled: walk.scripts,
  });
  const asked = [];
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== HOME && protocol !== "data:") asked.push(request.url());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await page.goto(opened);
  const told = [];
  for (const [step, ...of] of walk.steps) told.push((await STEPS[step](page, ...of)) ?? null);
  const overflow = walk.scripts
    ? await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    : 0;
  const violations = walk.audit ? await audited(page, walk.audit) : [];
  const address = page.url();
  await context.close();
  return { told, asked, said, overflow, violations, address };
}

const browser = await chromium.launch({ executablePath: program, args: FLAGS });
try {
  const seen = [];
  for (const walk of walks) seen.push(await walked(browser, walk));
  process.stdout.write(JSON.stringify(seen));
} finally {
  await browser.close();
}
