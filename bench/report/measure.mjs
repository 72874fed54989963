// Times a report in Chromium, and the same figures drawn by plotly.js' cartesian build: node measure.mjs REPORT.html [ROUNDS]
import { chromium } from 'playwright-core';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [,, report, rounds = '5'] = process.argv, n = Number(rounds);
const html = fs.readFileSync(report, 'utf8');
const plotly = fs.readFileSync(new URL('node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js', import.meta.url), 'utf8');
const browser = await chromium.launch({ executablePath: process.env.CASTALIA_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const median = values => values.toSorted((a, b) => a - b)[values.length >> 1];
const ms = value => value.toFixed(0) + ' ms';
const open = async file => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.addInitScript(() => {
    // The first mark of a chart in the document, seen by a frame.
    const look = () => document.querySelector('figure.chart .plot :is(svg > g path[fill-opacity], canvas), .js-plotly-plot .scatterlayer .point, .js-plotly-plot .scatterlayer path')
      ? requestAnimationFrame(() => { window.firstChart = performance.now(); }) : requestAnimationFrame(look);
    look();
  });
  await page.goto('file://' + file, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.firstChart !== undefined, undefined, { timeout: 120000 });
  return page;
};
const first = async file => {
  const times = [];
  for (let i = 0; i < n; i++) {
    const page = await open(file);
    times.push(await page.evaluate(() => window.firstChart));
    await page.context().close();
  }
  return median(times);
};

// The same figures as plotly draws them: the same numbers, colours and sizes, all of them at once as its pages do, and only the first.
const page = await open(path.resolve(report));
const session = await page.context().newCDPSession(page);
await session.send('Performance.enable', { timeDomain: 'threadTicks' });
const computed = async () => (await session.send('Performance.getMetrics')).metrics.find(metric => metric.name === 'TaskDuration').value * 1000;
const figures = await page.evaluate(() => [...document.querySelectorAll('figure.chart')].map(figure => {
  const { option, x, y } = JSON.parse(figure.querySelector('script').textContent), css = getComputedStyle(document.documentElement);
  const colour = name => name?.startsWith('@') ? css.getPropertyValue('--' + name.slice(1)).trim() : name, column = (rows, i) => rows.map(row => row[i]);
  const axis = one => ({ title: { text: one.name }, type: one.type === 'log' ? 'log' : one.type === 'category' ? 'linear' : 'linear', ...(one.data ? { tickvals: one.data.map((_, i) => i), ticktext: one.data } : {}), ...(one.inverse ? { autorange: 'reversed' } : {}) });
  return {
    id: figure.id, height: figure.querySelector('.plot').clientHeight,
    layout: { xaxis: axis(x[0]), yaxis: axis(y[0]), hovermode: 'closest', showlegend: true },
    data: option.series.filter(series => series.encode).map((series) => {
      const rows = option.dataset[series.datasetIndex].source, common = { name: series.name, x: column(rows, 0), y: column(rows, x.length) };
      if (series.type === 'heatmap') return { ...common, type: 'heatmap', z: column(rows, series.value) };
      if (series.type === 'scatter') return { ...common, type: 'scatter', mode: 'markers', marker: { size: series.symbolSize, color: colour(series.itemStyle.color), opacity: 0.75 }, text: rows.map(() => '') };
      return { ...common, type: 'scatter', mode: series.symbol === 'none' ? 'lines' : 'lines+markers', line: { color: colour(series.lineStyle.color), width: series.lineStyle.width, dash: series.lineStyle.type === 'dashed' ? 'dash' : 'solid' }, connectgaps: false };
    }),
  };
}));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'castalia-bench-'));
const plotted = (name, some) => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, `<!DOCTYPE html><meta charset="utf-8"><body>${some.map(f => `<div id="${f.id}" style="height:${f.height}px"></div>`).join('')}<script>${plotly}</script><script>
    for (const f of ${JSON.stringify(some).replaceAll('<', '\\u003c')}) Plotly.newPlot(f.id, f.data, f.layout);</script>`);
  return file;
};
const whole = plotted('all.html', figures), one = plotted('first.html', figures.slice(0, 1));

// What a reader does: from the event to the frame that shows it.
const act = async (name, id, script) => {
  await page.locator(`figure[id='${id}'] .plot`).scrollIntoViewIfNeeded();
  await page.waitForFunction(id => document.querySelector(`figure[id='${id}'] .plot :is(svg, canvas)`), id);
  await page.waitForTimeout(300);
  const times = [], before = await computed();
  for (let i = 0; i < n; i++) times.push(await page.evaluate(`(async () => {
    const figure = document.querySelector("figure[id='${id}']"), began = performance.now();
    ${script};
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - began;
  })()`));
  return [name, id, median(times), (await computed() - before) / n];
};
const press = what => `figure.querySelector("${what}").click()`;
const has = id => figures.some(figure => figure.id === id);
const drawTimes = [];
for (const figure of figures) {
  drawTimes.push([figure.id, await page.evaluate(async id => {
    const plot = document.querySelector(`figure[id='${id}'] .plot`), began = performance.now();
    plot.scrollIntoView();
    while (!plot.querySelector('svg > g path, canvas')) await new Promise(requestAnimationFrame);
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - began;
  }, figure.id)]);
}
const acts = [], point = `
    const box = figure.querySelector('.plot').getBoundingClientRect();
    for (const target of figure.querySelectorAll('.plot > div')) target.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }));`;
for (const id of ['depth-gain', 'plane', 'entropy', 'categories'].filter(has)) {
  for (const [name, script] of [['hide or show a series', press('[data-kind=series]')], ['zoom in', press('[data-kind=in]')], ['whole', press('[data-kind=whole]')], ['point at a mark', point]]) acts.push(await act(name, id, script));
}
for (const [name, id, script] of [
  ['logarithmic or linear', 'depth-gain', press('[data-kind=log-y]')], ['absolute or relative depth', 'depth-gain', press('[data-kind=x]:not(:checked)')],
  ['logarithmic or linear', 'depth-norm', press('[data-kind=log-y]')], ['G or |G − 1|', 'entropy', press('[data-kind=y]:not(:checked)')],
]) acts.push(await act(name, id, script));
const [ours, theirs, theirFirst] = [await first(path.resolve(report)), await first(whole), await first(one)];
const browserVersion = `Chromium ${browser.version()}`;
await browser.close();
fs.rmSync(folder, { recursive: true });

const rows = [
  ['page', `${(html.length / 1e6).toFixed(1)} MB`, '≤ 12 MB', html.length <= 12e6],
  ['first chart', ms(ours), '≤ 1,000 ms', ours <= 1000],
  ['plotly.js 4.1.1, cartesian: first chart, all figures in the page', `${ms(theirs)}, ${(theirs / ours).toFixed(1)} ×`, '≥ 2 ×', theirs >= 2 * ours],
  ['plotly.js 4.1.1, cartesian: a page of the first figure alone', `${ms(theirFirst)}, ${(theirFirst / ours).toFixed(1)} ×`, ''],
];
const slowest = drawTimes.toSorted((a, b) => b[1] - a[1])[0];
rows.push(['slowest chart to come into view', `${ms(slowest[1])} (${slowest[0]})`, '']);
for (const [name, id, time, cpu] of acts) rows.push([`${name}, ${id}`, `${ms(time)}, of which ${ms(cpu)} of computing`, '≤ 100 ms', time <= 100]);
console.log(`${n} rounds, medians; ${os.cpus()[0].model.trim()}, ${os.availableParallelism()} threads, load ${os.loadavg()[0].toFixed(1)} at the end; ${browserVersion}\n`);
console.log('| | measured | asked for | |\n| --- | --- | --- | --- |');
for (const [what, measured, asked, isMet] of rows) console.log(`| ${what.replaceAll('|', '\\|')} | ${measured} | ${asked} | ${isMet === undefined ? '' : isMet ? 'met' : 'missed'} |`);
