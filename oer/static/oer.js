// The search page without waiting: a filter or order that is changed applies at once, the focus
// stays where it was, and the new count is announced. Without this script each group has a button.
(() => {
  "use strict";
  const form = document.getElementById("q-form");
  const announcement = document.getElementById("announcement");
  if (!form || !announcement) return;
  let latest = 0;

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
    const open = [...answer.querySelectorAll("details[open][id]")].map((each) => each.id);
    const focus = document.activeElement;
    const [id, name, value] = [focus.id, focus.name, focus.value];
    const inside = answer.contains(focus);
    answer.replaceWith(page.getElementById("answer"));
    document.dispatchEvent(new Event("oer:answer"));
    document.title = page.title;
    page.querySelectorAll(".languages a").forEach((link, number) => {
      document.querySelectorAll(".languages a")[number].href = link.getAttribute("href");
    });
    open.forEach((each) => { const found = document.getElementById(each); if (found) found.open = true; });
    unfold();
    if (inside) {
      const again = [...document.getElementsByName(name)].find((each) => each.type !== "checkbox" || each.value === value);
      (again || document.getElementById(id) || document.getElementById("main")).focus({ preventScroll: true });
    }
    announcement.textContent = document.querySelector("#answer h1").textContent;
  };

  document.addEventListener("change", async (event) => {
    if (event.target.form !== form || event.target.type === "search") return;
    const query = new URLSearchParams([...new FormData(form)].filter(([key, value]) => value && !(key === "sort" && value === "relevance")));
    const url = `${form.action}?${query}`;
    try {
      await show(url);
      history.pushState(null, "", url);
    } catch {
      location.assign(url);
    }
  });

  addEventListener("popstate", () => location.reload());
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
