"use strict";
// The table, the panel and the picture of a report. All texts reach the page as text, never as markup.
(async () => {
  const PAGE = 25, LONGEST = 4000, CLOSEST = 4096;
  const $ = (id) => document.getElementById(id);
  const { regions, features = [], outputs = [], classes = [], above = [] } = JSON.parse(await unpacked("data-regions"));
  const picture = $("picture");
  let exact = false, order = regions.map((_, index) => index), shown = order, page = 0, chosen = null, lines = null;
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
    link.download = "network.cert.jsonl.gz";
    link.click();
    URL.revokeObjectURL(link.href);
  });

  // ------------------------------------------------------------------ elements and numbers
  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null));
    return made;
  }
  // A pair [exact, rounded] of texts: one is shown, the other is behind it.
  const text = (pair) => pair[exact ? 0 : 1];
  function twice(pair) {
    const made = make("span", {}, text(pair));
    if (pair[0] !== pair[1]) made.title = exact ? `rounded: ${pair[1]}` : `exactly ${pair[0]}`;
    return made;
  }
  $("exact").addEventListener("change", () => {
    exact = $("exact").checked;
    for (const each of document.querySelectorAll("data")) {
      each.dataset.rounded ??= each.textContent;
      each.textContent = exact ? each.value : each.dataset.rounded;
    }
    if (regions.length) { draw(); choose(chosen, false); }
  });
  if (!regions.length) return;

  // ------------------------------------------------------------------ the table
  const wins = (region) => region.wins.map((k) => classes[k]).join(" = ");
  const formula = (region, which) => region.map.map((pair, k) => `${outputs[k]} = ${pair[which]}`).join("; ");
  const keys = {
    number: (region, index) => index, rank: (region) => region.rank, piece: (region) => region.piece,
    rules: (region) => region.rules.length, wins, pattern: (region) => region.pattern, map: (region) => formula(region, 0),
  };
  const cells = {
    number: (region, index) => make("button", { type: "button" }, String(index + 1)),
    rank: (region) => (region.share ? twice(region.share) : ""),
    piece: (region) => String(region.piece), rules: (region) => String(region.rules.length), wins,
    pattern: (region) => make("span", { title: clip(region.pattern) }, region.pattern),
    map: (region) => make("span", { title: clip(formula(region, exact ? 1 : 0)) }, clip(formula(region, exact ? 0 : 1))),
  };
  const clip = (words) => (words.length > 600 ? `${words.slice(0, 600)} \u2026` : words);
  const heads = [...document.querySelectorAll("#regions-table thead button")];
  const columns = heads.map((head) => head.dataset.key);
  const words = new Array(regions.length);
  function wordsOf(index) {
    const region = regions[index];
    words[index] ??= [
      `#${index + 1} `, region.pattern, wins(region), formula(region, 0), formula(region, 1),
      ...region.rules.flatMap((rule) => rule.text),
    ].join(" ").toLowerCase();
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
    const sign = descending ? -1 : 1, of = regions.map(keys[key]);
    order = regions.map((_, index) => index);
    order.sort((a, b) => (of[a] < of[b] ? -sign : of[a] > of[b] ? sign : a - b));
    search();
  }
  function draw() {
    const pages = Math.max(1, Math.ceil(shown.length / PAGE));
    $("rows").replaceChildren(...shown.slice(page * PAGE, (page + 1) * PAGE).map(row));
    $("found").textContent = `${shown.length} of ${regions.length} regions`;
    $("place").textContent = `page ${page + 1} of ${pages}`;
    $("first").disabled = $("previous").disabled = page === 0;
    $("next").disabled = $("last").disabled = page >= pages - 1;
    for (const head of heads) {
      const here = head.dataset.key === sorted.key;
      head.parentElement.setAttribute("aria-sort", !here ? "none" : sorted.descending ? "descending" : "ascending");
    }
  }
  function row(index) {
    const region = regions[index];
    const made = make("tr", { "data-region": index + 1 },
      ...columns.map((key, place) => make(place ? "td" : "th", { class: key }, cells[key](region, index))));
    if (index === chosen) made.setAttribute("aria-current", "true");
    return made;
  }
  for (const head of heads) {
    head.addEventListener("click", () => sort(head.dataset.key, sorted.key === head.dataset.key && !sorted.descending));
  }
  $("search").addEventListener("input", search);
  const turns = { first: () => 0, previous: () => page - 1, next: () => page + 1, last: () => Math.ceil(shown.length / PAGE) - 1 };
  for (const [id, to] of Object.entries(turns)) $(id).addEventListener("click", () => { page = to(); draw(); });
  $("rows").addEventListener("click", (event) => {
    const found = event.target.closest("tr");
    if (found) choose(Number(found.dataset.region) - 1);
  });

  // ------------------------------------------------------------------ the panel
  function choose(index, told = true) {
    chosen = index;
    mark();
    const place = told ? shown.indexOf(index) : -1;
    if (place >= 0 && Math.floor(place / PAGE) !== page) {
      page = Math.floor(place / PAGE);
      draw();
    }
    for (const each of $("rows").children) each.toggleAttribute("aria-current", false);
    const here = index === null ? null : $("rows").querySelector(`tr[data-region="${index + 1}"]`);
    if (here) here.setAttribute("aria-current", "true");
    if (index === null) return;
    $("panel-heading").textContent = `Region ${index + 1} of ${regions.length}`;
    $("chosen").replaceChildren(...facts(regions[index]), ...certificate(index));
    if (told) history.replaceState(null, "", `#region-${index + 1}`);
  }
  const heading = (words_) => make("h4", {}, words_);
  function facts(region) {
    const point = (pairs, names) => pairs.flatMap((pair, k) => [k ? ", " : "", `${names[k]} = `, twice(pair)]);
    return [
      heading("Formula"),
      make("ul", { class: "formula" }, ...region.map.map((pair, k) => make("li", {}, `${outputs[k]} = `, twice(pair)))),
      heading(region.rules.length ? "Rules, its facets" : "No rules: the region is the whole space"),
      make("ul", { class: "rules" }, ...region.rules.map((rule) => make("li", {}, twice(rule.text), whence(rule)))),
      ...(region.volume ? [heading("Volume"), make("div", {}, twice(region.volume), ", ", twice(region.share), " of the domain")] : []),
      heading("Activation pattern"), make("code", { class: "pattern" }, region.pattern),
      heading("A point strictly inside (witness)"), make("div", { class: "witness" }, ...point(region.witness, features)),
      heading("Outputs there"), make("div", {}, ...point(region.value, outputs)),
    ];
  }
  function whence(rule) {
    const of = [...rule.neurons.map(([layer, neuron]) => `neuron ${neuron} of layer ${layer}`),
      ...rule.domain.map((number) => `inequality ${number} of the domain`)];
    return of.length ? make("span", { class: "whence" }, `  (${of.join(", ")})`) : null;
  }
  function certificate(index) {
    const box = make("div", { class: "lines" }, "reading \u2026"), way = wayTo(index);
    (lines ??= unpacked("data-certificate").then((all) => all.split("\n"))).then((all) => {
      const entries = way.map((number, place) => {
        const line = all[number - 1];
        const body = line.length > LONGEST ? `${line.slice(0, LONGEST)} \u2026 (${line.length} characters)` : line;
        const details = make("details", {}, make("summary", {}, `line ${number}: ${kind(line)}`), make("pre", {}, body));
        details.open = place === way.length - 1;
        return details;
      });
      box.replaceChildren(...entries.reverse());
    });
    return [heading(`Certificate: the last of ${way.length} lines that lead here, then those before it`), box];
  }
  function wayTo(index) {
    const way = [];
    for (let line = regions[index].line; line; line = above[line - 1]) way.unshift(line);
    return way;
  }
  function kind(line) {
    const record = JSON.parse(line);
    if (record.record === "split") return `split by neuron ${record.neuron}`;
    return record.record === "layer" ? `layer ${record.layer}, with the reasons of its stable neurons` : record.record;
  }

  // ------------------------------------------------------------------ the picture
  const whole = picture?.viewBox.baseVal && [0, 0, picture.viewBox.baseVal.width, picture.viewBox.baseVal.height];
  let view = whole, dragged = false;
  const areas = new Map([...(picture?.querySelectorAll("[data-region]") ?? [])].map((area) => [Number(area.dataset.region), area]));
  const numbers = [...areas.keys()].sort((a, b) => a - b);
  // A region too small to be seen wears a ring.
  function ring(box) {
    const size = view[2] / 40;
    if (picture.dataset.axes === "x") return;
    if (Math.max(box.width, box.height) > size) return;
    for (const [name, width] of [["halo", 6], ["outline", 2]]) {
      const made = document.createElementNS(picture.namespaceURI, "circle");
      const of = { class: name, cx: box.x + box.width / 2, cy: box.y + box.height / 2, r: size, "stroke-width": width, "vector-effect": "non-scaling-stroke" };
      for (const [attribute, value] of Object.entries(of)) made.setAttribute(attribute, value);
      picture.append(made);
    }
  }
  function mark() {
    if (!picture) return;
    for (const old of picture.querySelectorAll(".outline, .halo")) old.remove();
    const area = areas.get(chosen + 1);
    if (chosen === null || !area) return;
    for (const [name, width] of [["halo", 7], ["outline", 3]]) {
      const copy = area.cloneNode();
      for (const attribute of ["data-region", "fill-opacity", "fill", "style"]) copy.removeAttribute(attribute);
      copy.setAttribute("class", name);
      copy.setAttribute("stroke-width", width);
      copy.setAttribute("vector-effect", "non-scaling-stroke");
      picture.append(copy);
    }
    ring(area.getBBox());
  }
  if (picture) {
    picture.addEventListener("click", (event) => {
      const area = event.target.closest("[data-region]");
      if (area && !dragged) choose(Number(area.dataset.region) - 1);
    });
    picture.addEventListener("pointerover", (event) => {
      const area = event.target.closest("[data-region]");
      const number = area && Number(area.dataset.region);
      $("pointed").textContent = number && regions[number - 1] ? `region ${number}: ${clip(formula(regions[number - 1], 1))}` : "";
    });
    picture.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const place = numbers.indexOf(chosen + 1);
      choose(numbers[chosen === null ? 0 : (place + step + numbers.length) % numbers.length] - 1);
    });
  }

  // Zoom: the view box moves, and the labels of the axes with it.
  const ends = (id) => [$(id).firstElementChild, $(id).lastElementChild];
  const labels = $("closer") ? [...ends("axis-across"), ...ends("axis-up").reverse()] : [];
  const corners = labels.map((label) => [label.textContent, Number(label.textContent.replace("~", ""))]);
  function look(next) {
    const zoom = Math.min(CLOSEST, Math.max(1, whole[2] / next[2]));
    // A graph is only ever stretched along the input.
    const [width, height] = [whole[2] / zoom, picture.dataset.axes === "x" ? whole[3] : whole[3] / zoom];
    view = [Math.min(Math.max(next[0], 0), whole[2] - width), Math.min(Math.max(next[1], 0), whole[3] - height), width, height];
    picture.setAttribute("viewBox", view.join(" "));
    picture.querySelector(".numbers")?.setAttribute("font-size", 24 * width / whole[2]);
    mark();
    const parts = [view[0] / whole[2], (view[0] + width) / whole[2], 1 - (view[1] + height) / whole[3], 1 - view[1] / whole[3]];
    parts.forEach((part, k) => {
      const [low, high] = corners.slice(k < 2 ? 0 : 2, k < 2 ? 2 : 4).map((corner) => corner[1]);
      const value = `~${Number((low + part * (high - low)).toPrecision(6))}`;
      labels[k].textContent = zoom === 1 ? corners[k][0] : value;
    });
  }
  function zoomed(factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) {
    look([x - (x - view[0]) / factor, y - (y - view[1]) / factor, view[2] / factor, view[3] / factor]);
  }
  if (labels.length) {
    $("closer").addEventListener("click", () => zoomed(2));
    $("farther").addEventListener("click", () => zoomed(0.5));
    $("whole").addEventListener("click", () => look(whole));
    $("nearby").addEventListener("click", () => {
      const box = chosen !== null && areas.get(chosen + 1)?.getBBox();
      if (!box) return;
      const size = 4 * Math.max(box.width / whole[2], picture.dataset.axes === "x" ? 0 : box.height / whole[3]);
      const [width, height] = [size * whole[2], size * whole[3]];
      look([box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height]);
    });
    picture.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && view[2] === whole[2] && event.deltaY > 0) return;
      event.preventDefault();
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
      zoomed(event.deltaY < 0 ? 1.25 : 0.8, at.x, at.y);
    }, { passive: false });
    let from = null;
    picture.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY, view]; dragged = false; });
    window.addEventListener("pointerup", () => { from = null; });
    picture.addEventListener("pointermove", (event) => {
      if (!from || !(event.buttons & 1) || view[2] === whole[2]) return;
      const scale = view[2] / picture.clientWidth, [x, y] = [event.clientX - from[0], event.clientY - from[1]];
      dragged ||= Math.hypot(x, y) > 4;
      if (dragged) look([from[2][0] - x * scale, from[2][1] - y * scale, view[2], view[3]]);
    });
  }

  // Colours: of affine maps (as drawn), of classes (areas of their own), or of the value in the middle of each region.
  const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];
  function shade(part) {
    const place = Math.min(part * (CIVIDIS.length - 1), CIVIDIS.length - 1.001), low = Math.floor(place);
    const channel = (colour, k) => parseInt(colour.slice(1 + 2 * k, 3 + 2 * k), 16);
    const mix = [0, 1, 2].map((k) => Math.round(channel(CIVIDIS[low], k) * (low + 1 - place) + channel(CIVIDIS[low + 1], k) * (place - low)));
    return `rgb(${mix.join(" ")})`;
  }
  function colour(by) {
    const classed = by === "class", values = by.startsWith("value-") ? by.slice(6) : null;
    picture.querySelector(".classes")?.setAttribute("display", classed ? "inline" : "none");
    if ($("legend")) $("legend").hidden = !classed;
    $("scale").hidden = values === null;
    const of = (number) => Number(regions[number - 1].value[values][1].replace("~", ""));
    const drawn = values === null ? [] : numbers.filter((number) => regions[number - 1]).map(of);
    const low = drawn.reduce((a, b) => Math.min(a, b), Infinity), high = drawn.reduce((a, b) => Math.max(a, b), -Infinity);
    for (const [number, area] of areas) {
      area.style.fill = values === null || !regions[number - 1] ? "" : shade(high > low ? (of(number) - low) / (high - low) : 0.5);
      area.style.fillOpacity = classed ? "0" : values === null ? "" : "1";
      area.style.pointerEvents = "all";
    }
    $("scale").textContent = `at the witness of each region: dark ${low.toPrecision(6)}, light ${high.toPrecision(6)} (rounded)`;
  }
  $("colour")?.addEventListener("change", () => colour($("colour").value));
  $("decision")?.addEventListener("change", () => {
    picture.querySelector(".decision").setAttribute("display", $("decision").checked ? "inline" : "none");
  });

  if (picture?.dataset.start) look(picture.dataset.start.split(" ").map(Number));
  sort("number", false);
  function follow() {
    const linked = /^#region-(\d+)$/.exec(location.hash);
    if (linked && regions[linked[1] - 1]) choose(linked[1] - 1);
  }
  window.addEventListener("hashchange", follow);
  follow();
  document.documentElement.dataset.ready = "yes";
})();
