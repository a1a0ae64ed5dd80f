// The search page without waiting: a filter or order that is changed applies at once, the focus
// stays where it was, and the new count is announced. Without this script each group has a button.
(() => {
  "use strict";
  const form = document.getElementById("q-form");
  const announcement = document.getElementById("announcement");
  if (!form || !announcement) return;
  let latest = 0;
  const here = () => location.pathname + location.search;
  let shown = here();

  const wide = matchMedia("(min-width: 64rem)");
  const unfold = () => {
    const filters = document.getElementById("filters");
    if (filters && wide.matches && !CSS.supports("selector(::details-content)")) filters.open = true;
  };

  const show = async (url) => {
    const turn = ++latest;
    const answer = document.getElementById("answer");
    answer.setAttribute("aria-busy", "true");
    announcement.textContent = announcement.dataset.searching;
    const response = await fetch(url);
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (turn !== latest) return;
    const groups = [...document.getElementById("answer").querySelectorAll("details[id]")].map((each) => [each.id, each.open]);
    const focus = document.activeElement;
    const [id, name, value] = [focus.id, focus.name, focus.value];
    const group = focus.tagName === "SUMMARY" && focus.parentElement.id;
    const now = document.getElementById("answer");
    const inside = now.contains(focus);
    now.replaceWith(page.getElementById("answer"));
    document.dispatchEvent(new Event("oer:answer"));
    document.title = page.title;
    page.querySelectorAll(".languages a").forEach((link, number) => {
      document.querySelectorAll(".languages a")[number].href = link.getAttribute("href");
    });
    groups.forEach(([id, open]) => { const found = document.getElementById(id); if (found) found.open = open; });
    unfold();
    if (inside) {
      const again = [...document.getElementsByName(name)].find((each) => each.type !== "checkbox" || each.value === value);
      (group && document.getElementById(group)?.firstElementChild || again || document.getElementById(id) || document.getElementById("main")).focus({ preventScroll: true });
    }
    announcement.textContent = document.querySelector("#answer h1").textContent;
  };

  document.addEventListener("change", async (event) => {
    if (event.target.form !== form || event.target.type === "search") return;
    const query = new URLSearchParams([...new FormData(form)].filter(([key, value]) => value && !(key === "sort" && value === "relevance")));
    const url = `${form.action.split("?")[0]}?${query}`;
    try {
      await show(url);
      history.pushState(null, "", url);
      shown = here();
    } catch {
      location.assign(url);
    }
  });

  // A leap within the page, such as "Skip to the content", is no other search.
  addEventListener("popstate", () => { if (here() !== shown) location.reload(); });
  unfold();
})();

// My list, kept on this device. Without this script the list travels in the addresses of the pages;
// with it, "Add to my list" adds at once, and the link to the list is the same on every page.
(() => {
  "use strict";
  const KEY = "oer-list";
  const link = document.getElementById("my-list");
  if (!link) return;

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      if (typeof kept.list === "string" && Array.isArray(kept.addresses)) return kept;
    } catch { /* nothing kept, or not by us */ }
    return { list: "", addresses: [] };
  };
  const keep = (mine) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(mine));
      return true;
    } catch {
      return false;
    }
  };

  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  document.body.append(said);

  const home = new URL(link.href);
  home.search = "";
  const show = () => {
    const mine = read();
    home.searchParams.set("list", mine.list);
    link.href = mine.list ? home.href : home.pathname;
    link.querySelector(".count").textContent = mine.addresses.length || "";
    document.querySelectorAll("a[data-added]").forEach((each) => {
      const has = mine.addresses.includes(each.dataset.add);
      const words = each.querySelector("span");
      each.dataset.words ||= words.textContent;
      words.textContent = has ? each.dataset.added : each.dataset.words;
      each.classList.toggle("in-list", has);
    });
  };

  const editor = document.getElementById("list-editor");
  if (editor && new URLSearchParams(location.search).has("list")) {
    keep({ list: editor.dataset.list, addresses: editor.dataset.addresses.split(" ").filter(Boolean) });
  } else if (editor && editor.dataset.list === "" && read().list) {
    home.searchParams.set("list", read().list);
    location.replace(home.href);
  }

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("a[data-added]");
    if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const mine = read();
    if (mine.addresses.includes(pressed.dataset.add)) {
      pressed.href = link.href;
      return;
    }
    if (mine.addresses.length >= 60) return;
    mine.list += (mine.list && ".") + pressed.dataset.add;
    mine.addresses.push(pressed.dataset.add);
    if (!keep(mine)) return;
    event.preventDefault();
    show();
    said.textContent = `${pressed.dataset.added} (${mine.addresses.length})`;
  });

  addEventListener("storage", show);
  addEventListener("pageshow", show);
  document.addEventListener("oer:answer", show);
  show();
})();

// Suggestions while typing: a combobox with a list (WAI-ARIA Authoring Practices 1.2). Where it is
// chosen, a material opens, a subject, level and the like narrows, a keyword is searched for.
document.querySelectorAll("input[data-suggest]").forEach((input) => {
  "use strict";
  const WAIT = 150;
  const form = input.form;
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let timer, asking, typed = input.value.trim(), active = -1;

  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  said.className = "unseen";
  said.setAttribute("role", "status");
  input.parentElement.append(list, said);
  Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })
    .forEach(([name, value]) => input.setAttribute(name, value));

  const point = (place) => {
    active = place;
    [...list.children].forEach((each, number) => each.setAttribute("aria-selected", number === place));
    const found = list.children[place];
    if (!found) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", found.id);
    found.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    point(-1);
  };
  const choose = (item) => {
    input.value = typed = item.text;
    close();
    if (item.url) location.assign(item.url); else form.requestSubmit();
  };
  const option = (item, number) => {
    const row = document.createElement("li");
    row.id = `${list.id}-${number}`;
    row.setAttribute("role", "option");
    [["text", item.text], ["kind", item.count ? `${item.kind} · ${item.count}` : item.kind]].forEach(([name, text]) => {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      row.append(part, " ");
    });
    row.addEventListener("click", () => choose(item));
    return row;
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const response = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal });
      const { items, said: words } = response.ok ? await response.json() : { items: [], said: "" };
      if (signal.aborted || document.activeElement !== input) return;
      list.replaceChildren(...items.map(option));
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      point(-1);
      said.textContent = words;
    } catch { /* asked for something else since, or offline: a search field all the same */ }
  };

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    typed = input.value.trim();
    close();
    said.textContent = "";
    if (typed.length > 1) timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", () => input.dispatchEvent(new Event("input")));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const down = event.key === "ArrowDown";
    if (down || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        typed = input.value.trim();
        if (down && typed.length > 1) ask();
        return;
      }
      const places = list.children.length + 1;
      point((active + 1 + (down ? 1 : places - 1)) % places - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      list.children[active].click();
    } else if (event.key === "Enter" || event.key === "Tab") {
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  addEventListener("pagehide", close);
});

// A button beside each text that is there to be taken along.
(() => {
  "use strict";
  const { copyWords, copiedWords } = document.body.dataset;
  const texts = navigator.clipboard && copyWords ? document.querySelectorAll("[data-copy]") : [];
  texts.forEach((text, number) => {
    const button = document.createElement("button");
    const said = document.createElement("span");
    button.type = "button";
    button.className = "copy";
    button.textContent = copyWords;
    text.id ||= `copy-${number + 1}`;
    button.setAttribute("aria-describedby", text.id);
    said.className = "soft";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent.trim());
        said.textContent = copiedWords;
        setTimeout(() => { said.textContent = ""; }, 4000);
      } catch {
        getSelection().selectAllChildren(text);
      }
    });
    const row = document.createElement("span");
    row.className = "copy-row";
    row.append(button, " ", said);
    text.after(row);
  });
})();
