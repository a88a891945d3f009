// Sorts, filters and folds what is already in the page. Without it everything stays readable.
"use strict";
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  if (form && list) listFailures(form, list);
  document.querySelectorAll("table[data-sortable]").forEach(sortableTable);

  function listFailures(form, list) {
    const facets = ["severity", "drug", "channel", "verdict", "relation"];
    const groups = [...list.children].map((node) => ({ node, body: node.lastElementChild, items: [] }));
    const items = groups.flatMap((group) => [...group.body.children].map((node) => ({
      node, group, f: node.dataset.f.split(" ").map(Number), text: null,
    })));
    items.forEach((item, place) => { item.place = place; item.group.items.push(item); });
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
    const read = (group) => {
      const heading = [...group.node.children].slice(0, -1).map((node) => node.textContent).join(" ");
      for (const item of group.items) item.text ??= `${heading} ${item.node.textContent}`.toLowerCase();
    };
    const textOf = (item) => item.text ?? (read(item.group), item.text);
    const sort = () => {
      const first = new Set(items.sort(order[sorted]).map((item) => item.group));
      for (const group of first) group.items = [];
      for (const item of items) item.group.items.push(item);
      for (const group of first) group.body.append(...group.items.map((item) => item.node));
      groups.splice(0, groups.length, ...first);
      list.append(...groups.map((group) => group.node));
    };
    const show = (part, shown) => {
      if (part.node.hidden === shown) part.node.hidden = !shown;
    };
    const apply = () => {
      const field = form.elements;
      const words = field.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = facets.map((key) => field[key].value);
      if (field.sort.value !== sorted) {
        sorted = field.sort.value;
        sort();
      }
      const fits = (item) => wanted.every((value, i) => value === "" || item.f[i] === Number(value))
        && words.every((word) => textOf(item).includes(word));
      let fitting = 0;
      for (const group of groups) {
        const fit = group.items.map(fits);
        show(group, fitting < limit && fit.includes(true));
        if (!group.node.hidden) group.items.forEach((item, i) => show(item, fit[i]));
        fitting += fit.filter(Boolean).length;
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
      if (list.contains(target) && target.closest("[hidden]")) {
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
    const unread = [...groups];
    const readOn = () => {
      unread.splice(-100).forEach(read);
      if (unread.length) idle(readOn);
    };
    idle(readOn);
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
