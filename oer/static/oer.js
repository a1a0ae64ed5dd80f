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
//
// Anybody can send an address, so a list in an address is not the reader's own: it is kept where
// their own form led to it, where it goes on from what is kept, or where they say so.
(() => {
  "use strict";
  const KEY = "oer-list", SENT = "oer-list-sent";
  const link = document.getElementById("my-list");
  try {
    if (!link || !localStorage || !sessionStorage) return;
  } catch { return; /* closed to us: as without scripts */ }

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

  const { most, longest, full } = link.dataset;
  const editor = link.href.split("?")[0];
  const editing = (list, add) => {
    const query = new URLSearchParams(Object.entries({ list, add }).filter(([, value]) => value));
    return `${editor}?${query}`.replace(/\?$/, "");
  };
  const goesOn = (longer, shorter) => longer === shorter || longer.startsWith(`${shorter}.`);
  const fits = (list, addresses) => list.length <= longest && new Set(addresses).size <= most;

  // The list in the address of this page: as it is written there, and as the server reads it.
  const written = new URLSearchParams(location.search).get("list");
  const here = { list: link.dataset.list ?? "", addresses: (link.dataset.addresses ?? "").split(" ").filter(Boolean) };
  const page = document.getElementById("list-editor");
  const form = page?.querySelector("form");
  const other = document.getElementById("other-list");
  const copy = document.getElementById("copy-list");

  const show = () => {
    const mine = read();
    link.href = editing(mine.list);
    link.querySelector(".count").textContent = mine.addresses.length || "";
    document.querySelectorAll("a[data-add]").forEach((each) => {
      const has = mine.addresses.includes(each.dataset.add);
      const words = each.querySelector("span");
      each.dataset.words ||= words.textContent;
      each.dataset.href ||= each.href;
      words.textContent = has ? each.dataset.added : each.dataset.words;
      each.href = has ? link.href : mine.list ? editing(mine.list, each.dataset.add) : each.dataset.href;
      each.classList.toggle("in-list", has);
    });
    if (copy && here.list === mine.list) copy.querySelector("span").textContent = copy.dataset.own;
  };

  // What the reader's form was made from, if this page is its answer. One that is refused is sent again.
  const sentFrom = () => {
    const from = sessionStorage.getItem(SENT);
    if (written !== null || !form) sessionStorage.removeItem(SENT);
    return written === null ? null : from;
  };

  const meet = () => {
    const mine = read(), from = sentFrom();
    if (from !== null && goesOn(mine.list, from)) {
      // What was added in another window meanwhile.
      const since = mine.list.slice(from.length + 1);
      const both = [here.list, since].filter(Boolean).join(".");
      keep({ list: both, addresses: [...new Set([...here.addresses, ...since.split(".").filter(Boolean)])] });
      const url = new URL(location);
      url.searchParams.set("list", both);
      if (since) location.replace(url);
    } else if (page && !here.list && !form) {
      if (mine.list && mine.list !== written) location.replace(editing(mine.list));
    } else if (page && written !== null) {
      other.hidden = !mine.list || mine.list === here.list || goesOn(written, mine.list);
      if (other.hidden) return keep(here);
      other.querySelector(".mine").href = editing(mine.list);
      said.textContent = other.querySelector("h2").textContent;
    }
  };

  form?.addEventListener("submit", () => {
    if (written !== null) sessionStorage.setItem(SENT, here.list);
  });
  other?.querySelector(".replace").addEventListener("click", () => {
    keep(here);
    other.hidden = true;
    show();
    document.getElementById("title").focus();
  });
  other?.querySelector(".add-all").addEventListener("click", () => {
    const mine = read(), both = `${mine.list}.${here.list}`;
    const problem = other.querySelector(".problem");
    if (fits(both, [...mine.addresses, ...here.addresses])) location.assign(editing(both));
    else problem.textContent = problem.dataset.full;
  });

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("a[data-add]");
    if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const mine = read();
    if (mine.addresses.includes(pressed.dataset.add)) return;
    mine.list += (mine.list && ".") + pressed.dataset.add;
    mine.addresses.push(pressed.dataset.add);
    if (!fits(mine.list, mine.addresses)) {
      event.preventDefault();
      said.textContent = pressed.querySelector("span").textContent = full;
    } else if (keep(mine)) {
      event.preventDefault();
      show();
      said.textContent = `${pressed.dataset.added} (${mine.addresses.length})`;
    }
  });

  addEventListener("storage", show);
  addEventListener("pageshow", (event) => {
    if (event.persisted) meet();
    show();
  });
  document.addEventListener("oer:answer", show);
  meet();
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
    [["text", item.text], ["kind", item.count ? `${item.kind}, ${item.count}` : item.kind]].forEach(([name, text]) => {
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
    const words = () => (text.value ?? text.textContent).trim();
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
        await navigator.clipboard.writeText(words());
        said.textContent = copiedWords;
        setTimeout(() => { said.textContent = ""; }, 4000);
      } catch {
        if (text.select) text.select(); else getSelection().selectAllChildren(text);
      }
    });
    const row = document.createElement("span");
    row.className = "copy-row";
    row.append(button, " ", said);
    text.after(row);
  });
})();

// Printing is the browser's; a button tells that it can.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
