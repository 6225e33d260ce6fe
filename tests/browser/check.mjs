// Looks at pages as a browser shows them. Reads views as JSON from standard input and writes what was seen as JSON.
// A view is as `looking.py` tells it. Nothing is fetched, ever.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { browser: program, modules, views } = JSON.parse(readFileSync(0, "utf8"));
const installed = createRequire(`${modules}/`);
const { chromium } = installed("playwright-core");
const axe = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

const ADDRESS = "https://report.invalid/";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Open a page whose only answer is its own file; what else it asks for is noted in `asked`, and refused. */
async function opened(browser, view, asked, settings = {}) {
  const context = await browser.newContext({
    colorScheme: view.dark ? "dark" : "light",
    viewport: { width: view.width, height: 900 },
    ...settings,
  });
  await context.route("**/*", (route) => {
    const request = route.request();
    if (request.url() === ADDRESS && request.isNavigationRequest()) {
      return route.fulfill({ path: view.file, contentType: "text/html" });
    }
    asked.push(request.url());
    return route.abort();
  });
  const page = await context.newPage();
  page.on("console", (message) => asked.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => asked.push(`error: ${error.message}`));
  await page.goto(ADDRESS, { waitUntil: "networkidle" });
  return page;
}

/** What the keyboard reaches, in order. */
async function tabbed(page, times) {
  const reached = [];
  for (let pressed = 0; pressed < times; pressed += 1) {
    await page.keyboard.press("Tab");
    reached.push(
      await page.evaluate(() => {
        const at = document.activeElement;
        const box = at.getBoundingClientRect();
        return {
          tag: at.localName,
          href: at.getAttribute("href"),
          within: at.closest("nav, main, header, footer")?.localName ?? null,
          seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0,
        };
      }),
    );
  }
  return reached;
}

/** What a page is made of, read from the document as the browser understood it. */
function made() {
  const shown = (element) => element.getClientRects().length > 0;
  return {
    headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((it) => Number(it.localName[1])),
    headersWithoutScope: [...document.querySelectorAll("th:not([scope])")].map((it) => it.textContent),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    deadLinks: [...document.querySelectorAll("a[href^='#']")]
      .map((it) => it.getAttribute("href"))
      .filter((href) => !document.getElementById(href.slice(1))),
    fonts: [...new Set([...document.fonts].filter((it) => it.status === "loaded").map((it) => `${it.family} ${it.weight}`))],
    pictures: [...document.querySelectorAll("figure")].map((it) => [...it.querySelectorAll("svg")].filter(shown).length),
    contentsShown: [...document.querySelectorAll("nav a")].filter(shown).length,
    background: getComputedStyle(document.documentElement).backgroundColor,
  };
}

async function unfold(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((it) => { it.open = true; }));
}

/**
 * What axe-core finds. Of what it cannot decide, pictures are left out, whose colours are checked where they are drawn,
 * and marks, which no one needs; `movable` is what is inside a table that can be moved sideways.
 */
async function audited(page) {
  await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    const settings = { runOnly: { type: "tag", values: rules }, resultTypes: ["violations", "incomplete"] };
    const told = await axe.run(document, { ...settings, elementRef: true });
    const all = (found) => found.flatMap(({ id, nodes }) => nodes.map((it) => ({ id, ...it })));
    const gist = ({ id, target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`;
    const undecided = all(told.incomplete).filter((it) => !it.element.closest("svg[role=img], [aria-hidden=true]"));
    return {
      violations: all(told.violations).map(gist),
      undecided: undecided.filter((it) => !it.element.closest(".scroll")).map(gist),
      movable: undecided.filter((it) => it.element.closest(".scroll")).map(gist),
      passed: told.passes.map(({ id }) => id),
    };
  }, RULES);
}

async function seen(browser, view) {
  const asked = [];
  const page = await opened(browser, view, asked);
  const reached = await tabbed(page, view.tabs);
  const folded = await page.evaluate(made);
  await unfold(page);
  const unfolded = await page.evaluate(made);
  const audit = await audited(page);
  await page.context().close();
  return { asked, reached, folded, unfolded, ...audit };
}

/** Whether a table that is folded up can be unfolded by hand where no script may run. */
async function withoutScripts(browser, view) {
  const asked = [];
  const page = await opened(browser, view, asked, { javaScriptEnabled: false });
  const folded = page.locator("main details").first();
  const before = await folded.locator("table").isVisible();
  await folded.locator("summary").click();
  const after = await folded.locator("table").isVisible();
  const text = await page.locator("body").innerText();
  await page.context().close();
  return { asked, before, after, text };
}

const browser = await chromium.launch({ executablePath: program, args: FLAGS });
try {
  const told = [];
  for (const view of views) {
    told.push(await (view.scripts ? seen(browser, view) : withoutScripts(browser, view)));
  }
  process.stdout.write(JSON.stringify(told));
} finally {
  await browser.close();
}
