using Castalia.Reports;
using Castalia.Reports.Pages;
using Xunit;

namespace Castalia.Tests.Reports;

public sealed class TextTableTests
{
    static readonly string[] Header = ["run", "model", "prompt", "gain"];

    static readonly string[][] Rows =
    [
        ["20260102T030405Z-a", "a-long-name", "factual-1", "1.102"],
        ["20260102T030405Z-a", "a-long-name", "factual-2", "0.953"],
        ["b", "c", "factual-1", "1.101"],
        ["20260102T030405Z-a", "a-long-name", "factual-3", "1.170"],
    ];

    [Fact]
    public void A_table_that_fits_has_a_line_for_each_row() => Assert.Equal(
        """
          run                       model     prompt   gain
          ─────────────────────────────────────────────────
          20260102T030405Z-a  a-long-name  factual-1  1.102
          20260102T030405Z-a  a-long-name  factual-2  0.953
          b                             c  factual-1  1.101
          20260102T030405Z-a  a-long-name  factual-3  1.170

        """, TextTable.Of(Header, Rows, 51));

    [Fact]
    public void Long_first_cells_stand_above_their_rows_once_for_neighbours_that_share_them() => Assert.Equal(
        """
          run        model     prompt   gain
          ──────────────────────────────────
          20260102T030405Z-a
               a-long-name  factual-1  1.102
               a-long-name  factual-2  0.953
          b              c  factual-1  1.101
          20260102T030405Z-a
               a-long-name  factual-3  1.170

        """, TextTable.Of(Header, Rows, 50));

    [Fact]
    public void Where_that_is_still_too_wide_second_cells_stand_there_too()
    {
        string table = TextTable.Of(Header, Rows, 32);
        Assert.StartsWith("  run  model     prompt   gain\n", table);
        Assert.Contains("  20260102T030405Z-a\n  a-long-name\n              factual-1  1.102\n              factual-2  0.953\n", table);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 32, line));
        Assert.Equal(4, table.Split('\n').Count(line => line.Contains("factual", StringComparison.Ordinal)));
    }
}
