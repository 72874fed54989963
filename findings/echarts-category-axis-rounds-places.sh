#!/bin/sh
# ECharts 6.1.0: a mark between two names of a category axis is drawn on one of them, and its data go on saying that it is not.
#
# Categories have places 0, 1, 2, …, and a series may give a place as a number. A fractional one, as of points spread a little or of several series
# set side by side within a category, is taken without a word and rounded: 0.3 is drawn at 0, 0.6 at 1, and convertToPixel rounds alike, while
# getOption (and so a tooltip made from the data) keeps 0.3. Points meant to stand apart lie on each other, or at their neighbour's name. An axis of
# type 'value' whose labels are the names (axisLabel.customValues and a formatter) draws them where they are.
# Needs node and npm. Ends with 1 if the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund echarts@6.1.0
cat > try.mjs <<'X'
import * as echarts from 'echarts';
for (const type of ['category', 'value']) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 400, height: 300 });
  const xAxis = type === 'category' ? { type, data: ['a', 'b', 'c'] } : { type, min: -0.5, max: 2.5 };
  chart.setOption({ animation: false, grid: { left: 50, right: 50 }, xAxis, yAxis: {}, series: [{ type: 'scatter', data: [[0, 1], [0.3, 1], [0.6, 1], [1, 1]] }] });
  const drawn = [...chart.renderToSVGString().matchAll(/<path[^>]*transform="matrix\(([^)]*)\)"/g)].map(match => Number(match[1].split(',')[4]));
  console.log(`${type}: drawn at ${drawn.join(', ')}; convertToPixel(0.3) = ${chart.convertToPixel({ xAxisIndex: 0 }, 0.3)}; kept as ${chart.getOption().series[0].data[1][0]}`);
  chart.dispose();
}
X
timeout 60 node try.mjs | tee seen.txt
cat > expected.txt <<'X'
category: drawn at 100, 100, 200, 200; convertToPixel(0.3) = 100; kept as 0.3
value: drawn at 100, 130, 160, 200; convertToPixel(0.3) = 130; kept as 0.3
X
diff expected.txt seen.txt
