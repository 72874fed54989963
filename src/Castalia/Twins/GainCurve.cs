using System.Globalization;
using System.Text;
using Castalia.Checkpoints;

namespace Castalia.Twins;

/// <summary>How the gains of one network went, checkpoint by checkpoint: <c>gains.csv</c> in its folder, which is always whole.</summary>
/// <remarks>A row stays when its checkpoint goes. What is undefined is an empty field; numbers read back to the bit.</remarks>
/// <param name="folder">The network's folder.</param>
/// <param name="blocks">Its blocks.</param>
sealed class GainCurve(string folder, int blocks)
{
    const string FileName = "gains.csv";

    string Path => System.IO.Path.Combine(folder, FileName);

    /// <summary>The columns of a network of some blocks.</summary>
    public static IReadOnlyList<string> Columns(int blocks) =>
        ["step", "loss_nats", .. Enumerable.Range(0, blocks).Select(layer => FormattableString.Invariant($"gain_{layer}")), "settled", "open", "long_range", "below_one_share"];

    /// <summary>The fields of a row, with as many blocks as asked for.</summary>
    public static IEnumerable<string> Fields(GainProfile row, int blocks) =>
    [
        row.Step.ToString(CultureInfo.InvariantCulture), WholeFile.Field(row.Loss), .. Enumerable.Range(0, blocks).Select(layer => WholeFile.Field(layer < row.Blocks.Count ? row.Blocks[layer] : null)),
        WholeFile.Field(row.Settled), WholeFile.Field(row.Open), WholeFile.Field(row.LongRange), WholeFile.Field(row.BelowOneShare),
    ];

    /// <summary>Its rows, by step; none where there is no such file, and without lines that are none of its own.</summary>
    public IReadOnlyList<GainProfile> Rows()
    {
        if (!File.Exists(Path)) return [];
        string[] lines = Encoding.UTF8.GetString(InputFile.Bytes(Path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 || lines[0] != string.Join(',', Columns(blocks)) ? [] : [.. lines.Skip(1).Select(Row).OfType<GainProfile>().OrderBy(row => row.Step)];
    }

    /// <summary>Takes a row in. A new checkpoint's is the last: what stood there from its step on was of weights that are no more.</summary>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public void Add(GainProfile row, bool isNew)
    {
        var rows = Rows().Where(there => isNew ? there.Step < row.Step : there.Step != row.Step).Append(row).OrderBy(there => there.Step);
        WholeFile.Write(Path, [Columns(blocks), .. rows.Select(there => Fields(there, blocks))]);
    }

    GainProfile? Row(string line)
    {
        string[] cells = line.Split(',');
        if (cells.Length != blocks + 6 || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out int step)) return null;
        double?[] values = [.. cells.Skip(1).Select(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : (double?)null)];
        return new(step, values[0], values[1..(blocks + 1)], values[^4], values[^3], values[^2], values[^1]);
    }
}
