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
