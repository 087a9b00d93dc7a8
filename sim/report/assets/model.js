// The sweep's data, what the page shows of it, and who wants to know when that changes.
const DATA = JSON.parse(document.getElementById("data").textContent);
if (DATA.axes.length === 0) {
  DATA.axes.push({ name: "point", pointer: "", labels: ["base"] });
  for (const cell of DATA.cells) cell.at = [0];
}

const METRIC = {};
DATA.metrics.forEach((metric, index) => { metric.index = index; METRIC[metric.name] = metric; });

const cellAt = new Map(DATA.cells.map((cell, index) => [cell.at.join(), index]));

const modeOf = (run) => DATA.runs[run].split("/").pop();
const baseline = DATA.runs.length > 0 ? modeOf(0) : "";
const comparedRuns = DATA.runs.map((_, run) => run).filter((run) => modeOf(run) !== baseline);

// A figure of one run of one cell: {mean, low, high, n, of}, or null.
function statistic(cell, run, metric) {
  const found = cell === undefined ? undefined : DATA.cells[cell].runs[run];
  if (!found) return null;
  return {
    mean: found.mean[metric.index], n: found.n, of: found.of,
    low: found.low ? found.low[metric.index] : null, high: found.high ? found.high[metric.index] : null,
  };
}

// What charts are about: x along the horizontal, `split` in panels or lines, other axes held at one value.
const view = { x: 0, split: -1, held: DATA.axes.map(() => 0), cell: 0 };

function chooseAxes() {
  const by = DATA.axes.map((_, axis) => axis).filter((axis) => DATA.axes[axis].labels.length > 1);
  const loss = by.find((axis) => /loss|reorder|probability/.test(DATA.axes[axis].pointer));
  const largest = by.slice().sort((a, b) => DATA.axes[b].labels.length - DATA.axes[a].labels.length)[0];
  view.x = loss !== undefined ? loss : largest !== undefined ? largest : 0;
  const rest = by.filter((axis) => axis !== view.x);
  view.split = rest.length > 0 ? rest[0] : -1;
  const first = DATA.cells.findIndex((cell) => Object.keys(cell.runs).some((run) => cell.runs[run].n > 0));
  if (DATA.cells.length > 0) select(bestCell() ?? Math.max(first, 0));
}

// Where most is saved: the most telling point to begin with.
function bestCell() {
  let best = null, most = -Infinity;
  DATA.cells.forEach((_, cell) => {
    for (const run of comparedRuns) {
      if (modeOf(run) === "skip") continue;
      const found = statistic(cell, run, METRIC.cycles_saved);
      if (found && found.mean !== null && found.mean > most) { most = found.mean; best = cell; }
    }
  });
  return best;
}

// The cell at values of x and split, the other axes held.
function lookUp(xValue, splitValue) {
  const at = view.held.slice();
  at[view.x] = xValue;
  if (view.split >= 0) at[view.split] = splitValue;
  return cellAt.get(at.join());
}

// Selects a cell; axes that are held follow it.
function select(cell) {
  view.cell = cell;
  view.held = DATA.cells[cell].at.slice();
}

function cellName(cell) {
  return DATA.axes.map((axis, i) => axis.name + " " + axis.labels[DATA.cells[cell].at[i]]).join(", ");
}

const splitValues = () => (view.split < 0 ? [0] : DATA.axes[view.split].labels.map((_, index) => index));
const splitLabel = (value) => (view.split < 0 ? "" : DATA.axes[view.split].name + " " + DATA.axes[view.split].labels[value]);
