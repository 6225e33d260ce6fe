// What makes pages quicker to use, and without which they work too. It fetches nothing.
"use strict";

(() => {
  const typing = (it) => it.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
    } else if (typing(event.target)) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      document.getElementById("_search").focus();
    } else if (event.key === "?") {
      document.querySelector(".help").click();
    } else if (event.key === "[" || event.key === "]") {
      document.querySelector(event.key === "[" ? ".parts [rel=prev]" : ".parts [rel=next]")?.click();
    } else if (event.key.startsWith("Arrow") && event.target.closest(".tree, .parts-of")) {
      if (moved(event.target, event.key)) event.preventDefault();
    }
  });

  /** Go through a tree: up and down among what is shown, right opens, left closes or goes up. */
  function moved(from, key) {
    const tree = from.closest(".tree, .parts-of");
    const stops = [...tree.querySelectorAll(tree.matches(".tree") ? "a" : "summary, .row a")].filter((it) =>
      it.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }),
    );
    const branch = from.closest("li");
    const here = tree.matches(".tree") ? branch.querySelector(":scope > a") : from;
    const at = stops.indexOf(here);
    const inside = branch.querySelector(":scope > details");
    if (key === "ArrowDown") stops[Math.min(at + 1, stops.length - 1)]?.focus();
    else if (key === "ArrowUp") stops[Math.max(at - 1, 0)]?.focus();
    else if (key === "ArrowRight" && inside && !inside.open) inside.open = true;
    else if (key === "ArrowRight" && inside) stops[at + 1]?.focus();
    else if (key === "ArrowLeft" && inside?.open) inside.open = false;
    else if (key === "ArrowLeft") {
      const above = branch.parentElement.closest("li");
      stops.find((it) => above && it.closest("li") === above)?.focus();
    } else return false;
    return true;
  }

  // On a phone the tree is folded up.
  const tree = document.querySelector(".units .whole");
  if (tree && matchMedia("(max-width: 63.99rem)").matches) tree.open = false;
  document.querySelector(".tree [aria-current]")?.scrollIntoView({ block: "nearest" });

  // Drafts of forms are kept in this browser until they are recorded.
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const name = `draft ${form.dataset.draft}`;
    const fields = [...form.querySelectorAll("[data-field]")];
    const note = form.querySelector(".draft");
    const clear = () => {
      try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
    };
    if (form.dataset.recorded !== undefined) clear();
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(name) || "{}"); } catch { kept = {}; }
    let restored = false;
    for (const field of fields) {
      const value = kept[field.name];
      if (typeof value === "string" && value !== field.value) {
        field.value = value;
        restored = true;
      }
    }
    if (restored) {
      note.hidden = false;
      note.querySelector("button").addEventListener("click", () => {
        clear();
        form.reset();
        note.hidden = true;
      });
    }
    form.addEventListener("input", () => {
      const changed = fields.filter((it) => it.value !== (it.dataset.made ?? ""));
      try {
        localStorage.setItem(name, JSON.stringify(Object.fromEntries(changed.map((it) => [it.name, it.value]))));
      } catch { /* full, or not allowed: the page itself still has it */ }
    });
  }
})();
