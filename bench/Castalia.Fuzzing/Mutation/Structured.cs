using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Castalia.Fuzzing.Mutation;

/// <summary>Changes a file where its format has something, to what could stand there or nearly could.</summary>
static class Structured
{
    /// <summary>The bytes after one to four changes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="donors">What stands in the same places of all files of the reader.</param>
    /// <param name="dice">Chance.</param>
    public static byte[] Mutated(SeedFile file, Donors donors, Dice dice)
    {
        byte[] bytes = file.Content.Bytes;
        var edits = new List<Edit>();
        for (int count = dice.OneIn(2) ? 1 : dice.Few(4); count > 0; count--) edits.Add(EditOf(dice.Of(file.Regions), bytes, donors, dice));
        return Edits.Apply(bytes, edits, honest: !dice.OneIn(8));
    }

    static Edit EditOf(Region region, byte[] bytes, Donors donors, Dice dice)
    {
        var here = bytes.AsSpan(region.Start, region.End - region.Start);
        if (region.Kind == RegionKind.Item) return OfItem(region, here, donors, dice);
        if (region.Hint.Length > 0 && dice.OneIn(4)) return new(region, donors.Of(region, dice));
        return new(region, region.Kind switch
        {
            RegionKind.JsonValue when Special.For(region.Hint) is { } special && !dice.OneIn(4) => special(dice),
            RegionKind.JsonValue => dice.OneIn(3) ? Near(here, dice) : Literals.Json(dice),
            RegionKind.JsonKey => dice.OneIn(3) ? [(byte)'"', .. Literals.Text(dice), (byte)'"'] : Near(here, dice),
            RegionKind.Number => Number(here, dice),
            RegionKind.Varint => Edits.Varint(dice.OneIn(3) ? Edits.ReadVarint(here) + (ulong)dice.Below(5) - 2 : Literals.Number(dice), dice.OneIn(8) ? 1 + dice.Below(11) : 1),
            _ => Special.For(region.Hint) is { } special && !dice.OneIn(3) ? special(dice) : dice.OneIn(2) ? Near(here, dice) : Literals.Text(dice),
        });
    }

    static Edit OfItem(Region region, ReadOnlySpan<byte> here, Donors donors, Dice dice)
    {
        switch (dice.Below(6))
        {
            case 0 or 1:
                return new(region, [], -1);
            case 2 or 3:
                int times = dice.OneIn(4) ? 1 << dice.Below(8) : 2;
                byte[] repeated = new byte[times * here.Length];
                for (int i = 0; i < times; i++) here.CopyTo(repeated.AsSpan(i * here.Length));
                return new(region, repeated, times - 1);
            case 4:
                return new(region, [.. here, .. donors.Of(region, dice)], 1);
            default:
                return new(region, donors.Of(region, dice));
        }
    }

    static byte[] Number(ReadOnlySpan<byte> here, Dice dice)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        here.CopyTo(wide);
        ulong now = BinaryPrimitives.ReadUInt64LittleEndian(wide);
        ulong value = dice.Below(6) switch
        {
            0 => now + (ulong)dice.Below(5) - 2,
            1 => now << dice.Below(8 * here.Length),
            2 => now ^ (1UL << dice.Below(8 * here.Length)),
            3 when here.Length == 4 => BitConverter.SingleToUInt32Bits(dice.Of([0f, -0f, -1f, 1e-45f, 1e-30f, 3e38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.5f])),
            3 when here.Length == 8 => BitConverter.DoubleToUInt64Bits(dice.Of([0.0, -1, 1e-320, 1e308, double.NaN, double.PositiveInfinity])),
            _ => Literals.Number(dice),
        };
        BinaryPrimitives.WriteUInt64LittleEndian(wide, value);
        return wide[..here.Length].ToArray();
    }

    /// <summary>The same with something small changed: a figure, a letter, the length.</summary>
    static byte[] Near(ReadOnlySpan<byte> here, Dice dice)
    {
        if (here.Length == 0) return Literals.Text(dice);
        if (here.Length < 30 && double.TryParse(Encoding.UTF8.GetString(here), NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            double near = dice.Below(9) switch
            {
                0 => number + 1,
                1 => number - 1,
                2 => 2 * number,
                3 => number / 2,
                4 => -number,
                5 => number * 1000,
                6 => number * 1e6,
                7 => number + 0.5,
                _ => number / 1000,
            };
            return Literals.Bytes(near.ToString("R", CultureInfo.InvariantCulture));
        }
        int quote = here[0] == '"' && here.Length >= 2 ? 1 : 0, at = quote + dice.Below(here.Length - 2 * quote + 1);
        return dice.Below(5) switch
        {
            0 => [.. here[..at], .. Literals.Text(dice), .. here[at..]],
            1 when at < here.Length => [.. here[..at], .. here[(at + 1)..]],
            2 => [.. here[..at], .. here[quote..(here.Length - quote)], .. here[at..]],
            3 => [.. here[..at], .. here[(here.Length - quote)..]],
            _ => [.. here[..at], (byte)(' ' + dice.Below(95)), .. here[Math.Min(here.Length - quote, at + 1)..]],
        };
    }
}

/// <summary>What stands in the places of all files of a reader, by kind and hint, to be put in the place of another.</summary>
sealed class Donors
{
    readonly Dictionary<(RegionKind, string), List<byte[]>> _byPlace = [];
    readonly HashSet<(RegionKind, string, string)> _known = [];

    public Donors(IEnumerable<SeedFile> files)
    {
        foreach (var file in files)
            foreach (var region in file.Regions)
            {
                byte[] there = file.Content.Bytes[region.Start..region.End];
                if (there.Length > 4096 || !_known.Add((region.Kind, region.Hint, Convert.ToHexString(there)))) continue;
                if (!_byPlace.TryGetValue((region.Kind, region.Hint), out var list)) _byPlace[(region.Kind, region.Hint)] = list = [];
                if (list.Count < 400) list.Add(there);
                if (region.Hint.Length == 0) continue;
                if (!_byPlace.TryGetValue((region.Kind, ""), out var all)) _byPlace[(region.Kind, "")] = all = [];
                if (all.Count < 2000) all.Add(there);
            }
    }

    /// <summary>Something of the same kind, mostly of the same hint.</summary>
    public byte[] Of(Region region, Dice dice)
    {
        string hint = dice.OneIn(4) ? "" : region.Hint;
        return _byPlace.TryGetValue((region.Kind, hint), out var list) || _byPlace.TryGetValue((region.Kind, region.Hint), out list) ? dice.Of(list) : [];
    }
}
