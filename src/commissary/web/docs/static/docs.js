// Comforts on top of pages that are whole without them: theme, copying, tabs, filter, place in the navigation.

const root = document.documentElement;
const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode: forget it */ } };

theme();
copying();
tabs();
filter();
place();

function theme() {
  const button = document.getElementById("theme");
  const chosen = stored("docs-theme");
  if (chosen) root.dataset.theme = chosen;
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    store("docs-theme", root.dataset.theme);
  });
}

function copying() {
  for (const button of document.querySelectorAll(".copy")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const pre = button.closest(".code").querySelector("pre");
      try {
        await navigator.clipboard.writeText(pre.textContent);
      } catch {
        getSelection().selectAllChildren(pre); // no clipboard outside https: select, so that one key press copies
        return;
      }
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 1600);
    });
  }
}

// One choice for the whole site: who reads Python once reads it everywhere.
function tabs() {
  const sets = [...document.querySelectorAll("[data-tabs]")].map((box, n) => {
    const panels = [...box.children];
    const list = document.createElement("div");
    list.className = "tablist";
    list.setAttribute("role", "tablist");
    const buttons = panels.map((panel, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = panel.querySelector(".code-head span").textContent;
      button.id = `tab-${n}-${i}`;
      panel.id = `panel-${n}-${i}`;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      button.addEventListener("click", () => choose(i, button));
      button.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) choose((i + step + panels.length) % panels.length, buttons[(i + step + panels.length) % panels.length]);
      });
      list.append(button);
      return button;
    });
    box.prepend(list);
    box.classList.add("on");
    return { panels, buttons };
  });
  const show = (chosen) => sets.forEach(({ panels, buttons }) => panels.forEach((panel, i) => {
    panel.hidden = i !== chosen;
    buttons[i].setAttribute("aria-selected", String(i === chosen));
    buttons[i].tabIndex = i === chosen ? 0 : -1;
  }));
  function choose(i, button) {
    const before = button.getBoundingClientRect().top;
    show(i);
    scrollBy({ top: button.getBoundingClientRect().top - before, behavior: "instant" }); // others changed height above it
    button.focus({ preventScroll: true });
    store("docs-tab", i);
  }
  show(Number(stored("docs-tab")) || 0);
}

function filter() {
  const input = document.getElementById("filter");
  if (!input) return;
  const items = [...document.querySelectorAll("[data-find]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  input.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !words.every((w) => item.dataset.find.toLowerCase().includes(w));
    for (const group of groups) group.hidden = !group.querySelector("[data-find]:not([hidden])");
    document.getElementById("none").hidden = items.some((item) => !item.hidden);
  });
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.closest("details").open = true;
      input.focus();
    } else if (event.key === "Escape" && document.activeElement === input) {
      input.value = "";
      input.dispatchEvent(new Event("input"));
      input.blur();
    }
  });
}

function place() {
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const menu = document.querySelector(".menu");
  const narrow = matchMedia("(max-width: 820px)");
  const fold = () => { menu.open = !narrow.matches; };
  narrow.addEventListener("change", fold);
  fold();
  const links = new Map([...menu.querySelectorAll('a[href^="#"]')].map((a) => [a.hash.slice(1), a]));
  menu.addEventListener("click", (event) => { if (event.target.closest("a") && narrow.matches) menu.open = false; });
  const marks = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current;
  const update = () => {
    const passed = marks.filter((mark) => mark.getBoundingClientRect().top < 140);
    const link = links.get((passed.at(-1) ?? marks[0])?.id);
    if (!link || link === current) return;
    current?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "location");
    if (!narrow.matches) link.scrollIntoView({ block: "nearest", behavior: "instant" });
    current = link;
  };
  let asked = false;
  addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; update(); });
  }, { passive: true });
  update();
  const switcher = document.querySelector("[data-keep-place]");
  switcher.addEventListener("click", () => { switcher.hash = location.hash; });
}
