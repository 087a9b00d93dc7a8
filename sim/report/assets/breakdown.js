// Cycles per I/O of the selected point, stacked by symbol, a bar per mode, and the same as a table.
const MOST_SYMBOLS = 10;

// [{name, cycles: [per run]}], most first, the rest as one.
function symbolRows(runs) {
  const sums = new Map();
  runs.forEach(([, found], column) => {
    for (const [symbol, cycles] of Object.entries(found.symbols)) {
      if (!sums.has(symbol)) sums.set(symbol, runs.map(() => 0));
      sums.get(symbol)[column] = cycles;
    }
  });
  const rows = [...sums].map(([name, cycles]) => ({ name, cycles }));
  const size = (row) => Math.max(...row.cycles);
  rows.sort((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1));
  const rest = rows.splice(MOST_SYMBOLS);
  if (rest.length > 0) {
    const cycles = runs.map((_, column) => rest.reduce((sum, row) => sum + row.cycles[column], 0));
    rows.push({ name: rest.length + " other symbols", cycles, rest: true });
  }
  return rows;
}

const symbolColor = (index, row) => (row.rest ? "var(--stack-rest)" : `var(--stack-${index})`);

function bar(name, column, rows, most) {
  const total = rows.reduce((sum, row) => sum + row.cycles[column], 0);
  const parts = rows.map((row, index) => {
    const share = (row.cycles[column] / most) * 100;
    if (share <= 0) return null;
    const title = `${row.name}: ${digits(Math.round(row.cycles[column]))} cycles per I/O, ${percent((row.cycles[column] / total) * 100)} %`;
    return element("i", { style: `width:${share.toFixed(3)}%;background:${symbolColor(index, row)}`, title });
  });
  return [element("b", {}, name), element("div", { class: "bar" }, parts), element("span", {}, digits(Math.round(total)))];
}

function symbolTable(runs, rows) {
  const number = (value) => (value > 0 ? digits(Math.round(value)) : "–");
  const body = rows.map((row, index) => element("tr", {},
    element("th", { scope: "row" }, element("i", { class: "swatch", style: "background:" + symbolColor(index, row) }), row.name),
    row.cycles.map((value) => element("td", {}, number(value)))));
  return element("div", { class: "scroll" }, element("table", { class: "figures" },
    element("thead", {}, element("tr", {}, element("th", {}, "cycles per I/O"), runs.map(([run]) => element("th", { scope: "col" }, DATA.runs[run])))),
    element("tbody", {}, body)));
}

function drawBreakdown() {
  const cell = DATA.cells[view.cell];
  const place = document.getElementById("breakdown");
  document.getElementById("point-name").textContent = cell ? cellName(view.cell) : "";
  const runs = cell ? Object.entries(cell.runs).filter(([, found]) => Object.keys(found.symbols).length > 0) : [];
  if (runs.length === 0) {
    place.replaceChildren(element("p", { class: "card" }, "This point has no result."));
    return;
  }
  const rows = symbolRows(runs);
  const most = Math.max(...runs.map((_, column) => rows.reduce((sum, row) => sum + row.cycles[column], 0)));
  place.replaceChildren(element("figure", { class: "card", "data-chart": "cycle breakdown", "data-points": rows.length * runs.length },
    element("div", { class: "bars" }, runs.map(([run], column) => bar(DATA.runs[run], column, rows, most))),
    symbolTable(runs, rows)));
}
