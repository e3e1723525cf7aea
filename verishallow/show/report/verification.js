"use strict";
// The table of leaves in a report of a verification. All texts reach the page as text, never as markup.
(async () => {
  const PAGE = 25, LONGEST = 600;
  const $ = (id) => document.getElementById(id);
  const { leaves } = JSON.parse(await unpacked("data-leaves"));
  let exact = false, order = leaves.map((_, index) => index), shown = order, page = 0;
  let sorted = { key: "number", descending: false };

  // ------------------------------------------------------------------ what the page carries
  function bytes(id) {
    return Uint8Array.from(atob($(id).textContent), (c) => c.charCodeAt(0));
  }
  async function unpacked(id) {
    const stream = new Blob([bytes(id)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }
  $("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes("data-certificate")], { type: "application/gzip" }));
    link.download = "verification.cert.jsonl.gz";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  $("exact").addEventListener("change", () => {
    exact = $("exact").checked;
    for (const each of document.querySelectorAll("data")) {
      each.dataset.rounded ??= each.textContent;
      each.textContent = exact ? each.value : each.dataset.rounded;
    }
    if (leaves.length) draw();
  });
  document.documentElement.dataset.ready = "yes";
  if (!leaves.length) return;

  // ------------------------------------------------------------------ the table
  const heads = [...document.querySelectorAll("#leaves-table thead button")];
  const columns = heads.map((head) => head.dataset.key);
  const clip = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST)} \u2026` : words);
  const place = (key) => Number(key.slice("width-".length));
  function size(pair) {
    return pair[0] === "infinite" ? Infinity : Number(pair[1].replace("~", ""));
  }
  function value(key, index) {
    if (key === "number") return index;
    return key.startsWith("width-") ? size(leaves[index].widths[place(key)]) : leaves[index][key];
  }
  function cell(key, index) {
    const made = document.createElement(key === "number" ? "th" : "td"), leaf = leaves[index];
    if (key.startsWith("width-")) {
      const [whole, rounded] = leaf.widths[place(key)];
      made.textContent = exact ? whole : rounded;
      if (whole !== rounded) made.title = exact ? `rounded: ${rounded}` : `exactly ${whole}`;
    } else {
      made.textContent = key === "number" ? String(index + 1) : clip(String(leaf[key]));
    }
    if (key === "path") made.title = `line ${leaf.line} of the certificate: ${clip(leaf.path)}`;
    return made;
  }
  function row(index) {
    const made = document.createElement("tr");
    made.append(...columns.map((key) => cell(key, index)));
    return made;
  }
  const words = new Array(leaves.length);
  function wordsOf(index) {
    const leaf = leaves[index];
    words[index] ??= [leaf.kind, leaf.path, ...leaf.widths.flat()].join(" ").toLowerCase();
    return words[index];
  }
  function search() {
    const wanted = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (index) => wanted.every((word) => (word[0] === "#" ? `#${index + 1}` === word : wordsOf(index).includes(word)));
    shown = order.filter(fits);
    page = 0;
    draw();
  }
  function sort(key, descending) {
    sorted = { key, descending };
    const sign = descending ? -1 : 1, of = leaves.map((_, index) => value(key, index));
    order = leaves.map((_, index) => index);
    order.sort((a, b) => (of[a] < of[b] ? -sign : of[a] > of[b] ? sign : a - b));
    search();
  }
  function draw() {
    const pages = Math.max(1, Math.ceil(shown.length / PAGE));
    $("leaves").replaceChildren(...shown.slice(page * PAGE, (page + 1) * PAGE).map(row));
    $("found").textContent = `${shown.length} of ${leaves.length} nodes`;
    $("place").textContent = `page ${page + 1} of ${pages}`;
    $("first").disabled = $("previous").disabled = page === 0;
    $("next").disabled = $("last").disabled = page >= pages - 1;
    for (const head of heads) {
      const here = head.dataset.key === sorted.key;
      head.parentElement.setAttribute("aria-sort", !here ? "none" : sorted.descending ? "descending" : "ascending");
    }
  }
  for (const head of heads) {
    head.addEventListener("click", () => sort(head.dataset.key, sorted.key === head.dataset.key && !sorted.descending));
  }
  const turns = {
    first: () => 0, previous: () => page - 1, next: () => page + 1,
    last: () => Math.ceil(shown.length / PAGE) - 1,
  };
  for (const [id, to] of Object.entries(turns)) $(id).addEventListener("click", () => { page = to(); draw(); });
  $("search").addEventListener("input", search);
  draw();
})();
