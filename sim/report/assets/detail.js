// The selected point in full: all figures of all modes, the commands that run it again, the whole result file.
function interval(found, metric) {
  if (!found || found.mean === null) return `– (${found ? found.n : 0} of ${found ? found.of : 0})`;
  const text = figure(metric, found.mean);
  if (found.low === null) return text;
  return element("span", { title: "95 % interval: " + figure(metric, found.low) + " to " + figure(metric, found.high) },
    text, element("small", {}, " ±" + digits(((found.high - found.low) / 2) * shown(metric).scale)));
}

function figuresTable(cell) {
  const runs = Object.keys(DATA.cells[cell].runs);
  const rows = DATA.metrics.map((metric) => element("tr", {},
    element("th", { scope: "row", title: metric.doc }, shown(metric).title, element("small", {}, " " + metric.name)),
    runs.map((run) => element("td", {}, interval(statistic(cell, run, metric), metric)))));
  return element("div", { class: "scroll" }, element("table", { class: "figures" },
    element("thead", {}, element("tr", {}, element("th", {}, ""), runs.map((run) => element("th", { scope: "col" }, DATA.runs[run])))),
    element("tbody", {}, rows)));
}

async function unpack(id) {
  const bytes = Uint8Array.from(atob(DATA.packed[id]), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// A value of the result; objects open by hand, so that a large result costs nothing until it is looked at.
function tree(key, value, open) {
  if (value === null || typeof value !== "object")
    return element("div", { class: "leaf" }, element("b", {}, key + ": "), JSON.stringify(value));
  const entries = Object.entries(value);
  const plain = Array.isArray(value) && value.every((item) => typeof item !== "object");
  if (plain) return element("div", { class: "leaf" }, element("b", {}, key + ": "), JSON.stringify(value));
  const box = element("details", { open: !!open },
    element("summary", {}, element("b", {}, key), element("small", {}, ` ${entries.length} ${Array.isArray(value) ? "items" : "keys"}`)));
  const fill = () => {
    if (box.childElementCount > 1) return;
    const name = (index, item) => (Array.isArray(value) && item && item.mode ? item.mode : Array.isArray(value) && item && item.symbol ? item.symbol : index);
    box.append(...entries.map(([index, item]) => tree(name(index, item), item, false)));
  };
  if (open) fill();
  box.addEventListener("toggle", fill);
  return box;
}

function copyButton(text) {
  const button = element("button", { type: "button", class: "small" }, "copy");
  button.onclick = async () => {
    try { await navigator.clipboard.writeText(text); button.textContent = "copied"; }
    catch (_) { getSelection().selectAllChildren(button.previousSibling); document.execCommand("copy"); button.textContent = "copied"; }
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  };
  return button;
}

function pointBox(cell, point) {
  const result = element("div", { class: "result" });
  const show = async () => {
    if (result.childElementCount > 0) return result.replaceChildren();
    try { result.replaceChildren(tree("points/" + point.id + ".json", await unpack(point.id), true)); }
    catch (error) { result.textContent = "This browser cannot unpack it: " + error; }
  };
  const failed = DATA.failed.find((one) => one.id === point.id);
  const command = cell.command === "" ? `ddpsim run scenarios/${point.id}.json` : `scripts/ddpsim ${cell.command} --seed ${point.seed}`;
  return element("div", { class: "card point" },
    element("p", {}, element("span", { class: "pill " + point.state }, point.state), ` seed ${point.seed} `,
      element("small", {}, "point " + point.id)),
    failed ? element("p", { class: "bad" }, failed.reason) : null,
    element("div", { class: "command" }, element("code", {}, command), copyButton(command)),
    point.state !== "done" ? null
      : DATA.packed[point.id] ? element("button", { type: "button", onclick: show }, "full result")
        : element("p", { class: "faint" }, `full result: points/${point.id}.json`),
    result);
}

function drawDetail() {
  const cell = DATA.cells[view.cell];
  document.getElementById("detail").replaceChildren(...(cell ? [
    element("div", { class: "card" }, figuresTable(view.cell)),
    element("h3", {}, cell.points.length > 1 ? "Its repetitions" : "Run it again"),
    ...cell.points.map((point) => pointBox(cell, point)),
  ] : []));
}
