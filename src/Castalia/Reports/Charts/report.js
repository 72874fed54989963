'use strict';
(() => {
  const style = () => getComputedStyle(document.documentElement);
  // Colours that begin with @ are the page's own; names that do are names.
  const resolved = (value, css, key) => {
    if (typeof value === 'string') return /color$/i.test(key) && value.startsWith('@') ? css.getPropertyValue('--' + value.slice(1)).trim() : value;
    if (Array.isArray(value)) return value.length > 0 && typeof value[0] === 'number' ? value : value.map(item => resolved(item, css, key));
    if (value === null || typeof value !== 'object') return value;
    const copy = {};
    for (const name in value) copy[name] = name === 'source' ? value[name] : resolved(value[name], css, name);
    return copy;
  };
  const made = (name, text, parent) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };
  const short = value => value === null || value === undefined || Number.isNaN(value) ? '–'
    : value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6) ? value.toExponential(2).replace('-', '−') : String(Number(value.toPrecision(5))).replace('-', '−');
  // Names of a family begin alike: what is left out is in the middle.
  const cut = (text, letters) => {
    const all = [...text], end = Math.floor((letters - 1) / 2);
    return all.length <= letters ? text : all.slice(0, letters - 1 - end).join('') + '…' + all.slice(all.length - end).join('');
  };
  const raised = exponent => [...String(exponent)].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit] ?? '⁻').join('');
  const tick = value => {
    const size = Math.abs(value);
    if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(8))).replace('-', '−');
    const exponent = Math.floor(Math.log10(size) + 1e-9), factor = Number((value / 10 ** exponent).toPrecision(4));
    return (factor === 1 ? '' : String(factor).replace('-', '−') + '·') + '10' + raised(exponent);
  };
  // Numbers of one axis have as many decimals as the step between them needs.
  const even = scale => value => {
    const ticks = scale()?.getTicks().map(one => one.value) ?? [], step = ticks.length > 3 ? ticks[2] - ticks[1] : 0;
    const decimals = step > 0 ? Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)) : 9;
    return decimals > 4 || Math.abs(value) >= 1e5 ? tick(value) : value.toFixed(decimals).replace('-', '−');
  };
  // Round numbers of a logarithmic axis: decades where there are many, else 1, 2, 5, else a step that halves itself.
  const round = (low, high) => {
    const decades = Math.log10(high / low), found = [];
    if (decades < 0.7) {
      const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 5, 10].find(one => one * power >= rough) * power;
      for (let i = Math.ceil(low / step - 1e-9); i * step <= high * (1 + 1e-9); i++) found.push(Number((i * step).toPrecision(8)));
      return found;
    }
    const each = Math.max(1, Math.floor(decades / 6));
    for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
      for (const digit of decades < 3 ? [1, 2, 5] : [1]) if (power % each === 0) found.push(Number((digit * 10 ** power).toPrecision(8)));
    }
    return found.filter(value => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  };
  const saved = (name, type, content) => {
    const link = made('a');
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const MANY = 1500; // marks from which a canvas is drawn on: as a document of so many elements, a drawing answers too late

  class Figure {
    constructor(figure) {
      this.figure = figure;
      this.plot = figure.querySelector('.plot');
      this.x = 0;
      this.y = 0;
      this.log = { x: null, y: null };
      this.hidden = new Set();
    }

    get isDrawn() { return this.chart !== undefined; }

    draw() {
      if (this.isDrawn) return;
      this.data = JSON.parse(this.figure.querySelector('script').textContent);
      const marks = this.data.option.dataset.reduce((sum, rows) => sum + rows.source.length, 0);
      this.isLarge = marks > MANY;
      this.figure.classList.toggle('large', this.isLarge);
      this.chart = echarts.init(this.plot, null, { renderer: this.isLarge ? 'canvas' : 'svg' });
      this.full();
    }

    full() {
      this.chart.setOption(this.option(), true);
    }

    option() {
      const css = style(), option = resolved(this.data.option, css);
      this.axes(option, css);
      option.tooltip = {
        ...option.tooltip, formatter: mark => this.told(mark), backgroundColor: css.getPropertyValue('--paper').trim(), borderColor: css.getPropertyValue('--rule').trim(),
        textStyle: { color: css.getPropertyValue('--ink').trim() },
      };
      option.legend.selected = Object.fromEntries(option.legend.data.map(name => [name, !this.hidden.has(name)]));
      return option;
    }

    axes(option, css) {
      const { x, y } = this.data;
      for (const [key, chosen] of [['x', this.x], ['y', this.y]]) {
        const axis = resolved(this.data[key][chosen], css), log = this.log[key], letters = Math.max(8, Math.floor(Math.min(310, this.plot.clientWidth * 0.4) / 6.4));
        if (log !== null && axis.type !== 'category' && axis.mayBeLog) axis.type = log ? 'log' : 'value';
        if (axis.type === 'category' && !this.data.option.visualMap) {
          // Marks may stand beside the middle of a name's place.
          const names = axis.data, at = names.map((_, i) => i);
          Object.assign(axis, {
            type: 'value', min: -0.5, max: names.length - 0.5, data: undefined, splitLine: { show: false }, axisTick: { customValues: at },
            axisLabel: { ...axis.axisLabel, customValues: at, formatter: value => cut(names[value] ?? '', letters) },
          });
        } else if (axis.type === 'category') {
          axis.axisLabel.formatter = name => cut(name, letters);
          if (key === 'y') axis.axisLabel.interval = Math.max(0, Math.ceil(axis.data.length * 16 / (this.plot.clientHeight - 110)) - 1);
        } else if (axis.type === 'log') this.logarithmic(axis, key);
        else axis.axisLabel = { ...axis.axisLabel, formatter: even(() => this.chart.getModel().getComponent(key + 'Axis')?.axis?.scale) };
        axis.nameGap = key === 'x' ? 26 : 34;
        axis.nameMoveOverlap = true;
        option[key + 'Axis'] = axis;
      }
      const references = [];
      for (const key of ['x', 'y']) {
        const at = this.data[key][key === 'x' ? this.x : this.y].reference;
        if (at !== undefined) references.push({ [key + 'Axis']: at });
      }
      // Large: the points of a series are drawn at once, those of a line as well, without rims; lines are whole, for dashes are cut far beyond the window;
      // nothing is got ready to be lit up.
      this.behind = option.series.map((_, i) => i);
      if (this.isLarge) {
        for (const [i, series] of [...option.series.entries()]) {
          Object.assign(series, { emphasis: { disabled: true } });
          if (series.type === 'scatter') Object.assign(series, { large: true, largeThreshold: 0, itemStyle: { ...series.itemStyle, borderWidth: 0 } });
          if (series.type !== 'line' || series.symbol === 'none' || !series.encode) continue;
          const { name, datasetIndex, encode, symbol, symbolSize, itemStyle, z } = series;
          option.series.push({ type: 'scatter', name, datasetIndex, encode, symbol, symbolSize, itemStyle: { ...itemStyle, opacity: 1 }, z, large: true, largeThreshold: 0, emphasis: { disabled: true } });
          this.behind.push(i);
          Object.assign(series, { symbol: 'none', silent: true, lineStyle: { ...series.lineStyle, type: 'solid' } });
        }
      }
      for (const series of option.series) {
        if (series.encode) {
          series.encode = { ...series.encode, x: this.x, y: x.length + this.y };
          if (series.value === undefined) delete series.encode.value;
        } else {
          series.markLine = {
            silent: true, symbol: 'none', animation: false, label: { show: false }, lineStyle: { color: css.getPropertyValue('--ink').trim(), type: 'dashed', width: 1 }, data: references,
          };
          series.data = [];
        }
      }
    }

    // From the least to the largest value, where ECharts would go on to whole powers of ten.
    logarithmic(axis, key) {
      const { dataset, series } = this.data.option, column = key === 'x' ? this.x : this.data.x.length + this.y;
      let low = axis.reference ?? Infinity, high = axis.reference ?? 0;
      series.forEach((one, i) => one.encode && dataset[i].source.forEach(row => {
        if (row[column] > 0 && row[key === 'x' ? this.data.x.length + this.y : this.x] !== null) [low, high] = [Math.min(low, row[column]), Math.max(high, row[column])];
      }));
      if (!(high > 0)) return;
      const beside = Math.max((high / low) ** 0.03, 1.01), at = round(low /= beside, high *= beside), decimals = Math.max(...at.map(value => (String(value).split('.')[1] ?? '').length));
      const text = at.every(value => value >= 1e-3 && value < 1e5) && high / low < 5 ? value => value.toFixed(decimals) : tick;
      Object.assign(axis, { min: low, max: high, axisTick: { customValues: at }, axisLabel: { ...axis.axisLabel, customValues: at, formatter: text } });
    }

    told(mark) {
      const series = this.data.option.series[this.behind[mark.seriesIndex]], row = mark.data, box = made('div');
      if (!Array.isArray(row)) return '';
      box.className = 'told';
      made('strong', mark.seriesName, box);
      const line = (label, text) => {
        const whole = made('div', undefined, box);
        made('span', label + ': ', whole);
        made('b', text, whole);
      };
      const { x, y } = this.data;
      const place = (axis, value) => axis.type === 'category' ? axis.data[Math.round(value)] : short(value);
      line(x[this.x].name, place(x[this.x], row[this.x]));
      line(y[this.y].name, place(y[this.y], row[x.length + this.y]));
      if (series.value !== undefined) line(this.figure.dataset.value, short(row[series.value]));
      if (series.note !== undefined) for (const [label, text] of this.data.notes[row[series.note]]) line(label, text);
      return box;
    }

    // Where the windows stand, per cent. The chart's whole option, which has them too, is copied with all its data at every call.
    windows() {
      return [0, 1].map(i => this.chart.getModel().getComponent('dataZoom', i).getPercentRange());
    }

    zoom(factor) {
      const batch = this.windows().map(([start, end], dataZoomIndex) => {
        const middle = (start + end) / 2, half = Math.min(50, (end - start) / 2 * factor);
        return { dataZoomIndex, start: factor === Infinity ? 0 : Math.max(0, middle - half), end: factor === Infinity ? 100 : Math.min(100, middle + half) };
      });
      this.chart.dispatchAction({ type: 'dataZoom', batch });
    }

    svg() {
      const beside = echarts.init(null, null, { renderer: 'svg', ssr: true, width: this.chart.getWidth(), height: this.chart.getHeight() });
      const { isLarge, behind } = this, windows = this.windows();
      this.isLarge = false;
      const option = this.option();
      Object.assign(this, { isLarge, behind });
      beside.setOption({ ...option, dataZoom: option.dataZoom.map((one, i) => ({ ...one, start: windows[i][0], end: windows[i][1] })) });
      saved(this.figure.id + '.svg', 'image/svg+xml', beside.renderToSVGString());
      beside.dispose();
    }

    listen() {
      this.figure.addEventListener('change', event => {
        const { name, value, checked } = event.target, kind = event.target.dataset.kind;
        this.draw();
        if (kind === 'x' || kind === 'y') {
          this[kind] = Number(value);
          this.log[kind] = null;
          const box = this.figure.querySelector(`[data-kind=log-${kind}]`), axis = this.data[kind][this[kind]];
          if (box) [box.checked, box.disabled] = [axis.type === 'log', !axis.mayBeLog];
        }
        else if (kind === 'log-x' || kind === 'log-y') this.log[kind.slice(4)] = checked;
        else if (kind === 'series') {
          if (checked) this.hidden.delete(value); else this.hidden.add(value);
          this.chart.dispatchAction({ type: checked ? 'legendSelect' : 'legendUnSelect', name: value });
          return;
        } else return;
        this.full();
      });
      this.figure.addEventListener('click', event => {
        const kind = event.target.dataset.kind;
        if (kind === 'csv') csv(this.figure);
        if (!['in', 'out', 'whole', 'svg', 'none', 'every'].includes(kind)) return;
        this.draw();
        if (kind === 'svg') this.svg();
        else if (kind === 'none' || kind === 'every') {
          for (const box of this.figure.querySelectorAll('[data-kind=series]')) {
            box.checked = kind === 'every';
            if (box.checked) this.hidden.delete(box.value); else this.hidden.add(box.value);
          }
          this.full();
        } else this.zoom(kind === 'in' ? 0.5 : kind === 'out' ? 2 : Infinity);
      });
    }
  }

  // A long table is built when it is asked for.
  const rows = figure => {
    const late = figure.querySelector('script.rows');
    if (!late) return;
    const table = JSON.parse(late.textContent), body = figure.querySelector('tbody');
    late.remove();
    for (const cells of table) {
      const row = made('tr', undefined, body);
      cells.forEach((cell, i) => {
        const [text, value] = Array.isArray(cell) ? cell : [cell];
        const element = made(i === 0 ? 'th' : 'td', text, row);
        if (i === 0) element.scope = 'row';
        element.className = figure.querySelectorAll('thead tr > *')[i].className;
        if (value !== undefined) element.dataset.v = value;
      });
    }
  };

  // A field that a spreadsheet would take for a formula begins with an apostrophe.
  const field = (text, isNumber) => {
    const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  const csv = figure => {
    rows(figure);
    const lines = [...figure.querySelectorAll('table tr')].map(row => [...row.children].map(cell => 'v' in cell.dataset ? field(cell.dataset.v, true) : field(cell.textContent, false)).join(','));
    saved(figure.id + '.csv', 'text/csv;charset=utf-8', lines.join('\r\n') + '\r\n');
  };

  const figures = [...document.querySelectorAll('figure.chart')].map(figure => new Figure(figure));
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      figures.find(figure => figure.plot === entry.target).draw();
    }
  }, { rootMargin: '200px' });
  for (const figure of figures) {
    figure.listen();
    figure.figure.querySelector('details.rows')?.addEventListener('toggle', () => rows(figure.figure));
    seen.observe(figure.plot);
  }
  new ResizeObserver(() => figures.forEach(figure => figure.isDrawn && figure.chart.resize())).observe(document.body);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => figures.forEach(figure => figure.isDrawn && figure.full()));
  addEventListener('beforeprint', () => figures.forEach(figure => { figure.draw(); figure.full(); }));
})();
