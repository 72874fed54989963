using Microsoft.Playwright;

namespace Castalia.Tests.Browser;

/// <summary>Marks of a chart by kind: those that its data have, and those that stand in its drawing.</summary>
public sealed record Drawn
{
    public int Points { get; init; }

    public int Strokes { get; init; }

    public int Places { get; init; }

    public int Dashed { get; init; }

    public int Cells { get; init; }

    // As the page's data have them: a place needs both coordinates, a stroke is what no gap parts, a cell needs a value.
    const string InData = """
        figure => {
          const data = JSON.parse(figure.querySelector('script').textContent), count = { Points: 0, Strokes: 0, Places: 0, Dashed: 0, Cells: 0 };
          const chosen = key => Number(figure.querySelector(`[data-kind=${key}]:checked`)?.value ?? 0), x = chosen('x'), y = data.x.length + chosen('y');
          data.option.series.forEach((series, i) => {
            if (!series.encode) return;
            const rows = data.option.dataset[i].source, is = row => row !== undefined && row[x] !== null && row[y] !== null;
            if (series.type === 'heatmap') count.Cells += rows.filter(row => is(row) && row[series.value] !== null).length;
            else if (series.type === 'scatter') count.Points += rows.filter(is).length;
            else {
              count[series.lineStyle.type ? 'Dashed' : 'Strokes'] += rows.filter((row, r) => is(row) && !is(rows[r - 1])).length;
              if (series.symbol !== 'none') count.Places += rows.filter(is).length;
            }
          });
          return count;
        }
        """;

    const string InSvg = """
        figure => {
          const marks = [...figure.querySelectorAll('.plot svg > g path')].filter(path => path.getAttribute('d'));
          const turns = path => path.getAttribute('d').split('M').length - 1;
          const strokes = marks.filter(path => path.getAttribute('stroke-linejoin') === 'bevel' && path.getAttribute('fill') === 'none');
          const placed = marks.filter(path => path.getAttribute('transform')?.startsWith('matrix(') && path.getAttribute('fill').startsWith('#') && !path.closest('[clip-path]'));
          return {
            Points: placed.filter(path => path.getAttribute('fill-opacity') === '0.75').length,
            Places: placed.filter(path => !path.hasAttribute('fill-opacity')).length,
            Strokes: strokes.filter(path => !path.hasAttribute('stroke-dasharray')).reduce((n, path) => n + turns(path), 0),
            Dashed: strokes.filter(path => path.hasAttribute('stroke-dasharray')).reduce((n, path) => n + turns(path), 0),
            Cells: marks.filter(path => path.getAttribute('fill').startsWith('rgb(') && !path.hasAttribute('transform')).length,
          };
        }
        """;

    public static Task<Drawn> OfData(ILocator figure) => figure.EvaluateAsync<Drawn>(InData);

    public static Task<Drawn> OfSvg(ILocator figure) => figure.EvaluateAsync<Drawn>(InSvg);
}
