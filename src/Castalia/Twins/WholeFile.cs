using System.Globalization;
using Castalia.Checkpoints;

namespace Castalia.Twins;

/// <summary>A small table that is on disk whole, or as it was before.</summary>
static class WholeFile
{
    /// <summary>Writes it, comma-separated, lines ended by LF, fields quoted where they must be (RFC 4180).</summary>
    /// <param name="path">Where.</param>
    /// <param name="lines">The fields of each line.</param>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public static void Write(string path, IEnumerable<IEnumerable<string?>> lines) => Write(path, Text(lines));

    /// <summary>Writes a text.</summary>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            using var unfinished = Unfinished.Beside(path);
            File.WriteAllText(unfinished.Path, text);
            File.Move(unfinished.Path, path, overwrite: true);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw TwinErrors.NotWritable(Path.GetDirectoryName(path)!, e);
        }
    }

    /// <summary>What it writes: an empty field for null.</summary>
    public static string Text(IEnumerable<IEnumerable<string?>> lines) => string.Concat(lines.Select(fields => string.Join(',', fields.Select(field => Quoted(field ?? ""))) + "\n"));

    /// <summary>A number as a field that reads back to the bit; empty where it is undefined.</summary>
    public static string Field(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    static string Quoted(string field) => field.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"")}\"" : field;
}
