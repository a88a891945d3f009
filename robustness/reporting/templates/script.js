// Sorts, filters and folds what is already in the page. Without it everything stays readable.
"use strict";
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  if (form && list) listFailures(form, list);
  document.querySelectorAll("table[data-sortable]").forEach(sortableTable);

  function listFailures(form, list) {
    const facets = ["severity", "drug", "channel", "verdict", "relation"];
    const items = [...list.children].map((node, place) => ({
      node, place, f: node.dataset.f.split(" ").map(Number), text: null,
    }));
    const order = {
      "": (a, b) => a.place - b.place,
      drug: (a, b) => a.f[1] - b.f[1] || a.place - b.place,
      reports: (a, b) => b.f[5] - a.f[5] || a.place - b.place,
      score: (a, b) => b.f[6] - a.f[6] || a.place - b.place,
    };
    const count = form.querySelector("output");
    const more = document.getElementById("more");
    const step = 300;
    let limit = step;
    let sorted = "";
    const textOf = (item) => (item.text ??= item.node.textContent.toLowerCase());
    const apply = () => {
      const field = form.elements;
      const words = field.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = facets.map((key) => field[key].value);
      if (field.sort.value !== sorted) {
        sorted = field.sort.value;
        items.sort(order[sorted]);
        list.append(...items.map((item) => item.node));
      }
      let fitting = 0;
      for (const item of items) {
        const fits = wanted.every((value, i) => value === "" || item.f[i] === Number(value))
          && words.every((word) => textOf(item).includes(word));
        fitting += fits;
        const shown = fits && fitting <= limit;
        if (item.node.hidden === shown) item.node.hidden = !shown;
      }
      more.hidden = fitting <= limit;
      list.classList.toggle("folded", field.fold.checked);
      count.value = `${fitting.toLocaleString("en")} of ${items.length.toLocaleString("en")} failures`;
    };
    const applyAnew = () => { limit = step; apply(); };
    const showAll = () => { limit = Infinity; apply(); };
    form.addEventListener("input", applyAnew);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(applyAnew));
    more.addEventListener("click", () => { limit += step; apply(); });
    addEventListener("beforeprint", showAll);
    const reveal = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const leaflets = document.getElementById("leaflets");
      if (target && leaflets?.contains(target)) leaflets.open = true;
      if (target?.hidden && list.contains(target)) {
        form.reset();
        setTimeout(showAll);
      }
      if (target) setTimeout(() => target.scrollIntoView());
    };
    addEventListener("hashchange", reveal);
    form.hidden = false;
    apply();
    reveal();
    const idle = window.requestIdleCallback ?? setTimeout;
    let next = 0;
    const read = () => {
      for (const end = Math.min(next + 500, items.length); next < end; next += 1) textOf(items[next]);
      if (next < items.length) idle(read);
    };
    idle(read);
  }

  function sortableTable(table) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const button = document.createElement("button");
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const down = cell.getAttribute("aria-sort") !== "descending";
        for (const other of cell.parentNode.cells) other.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[column].textContent;
        const compare = (a, b) => value(a).localeCompare(value(b), "en", { numeric: true });
        body.append(...[...body.rows].sort((a, b) => (down ? compare(b, a) : compare(a, b))));
      });
    });
  }
})();
