using System.Text;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.PromptFiles;

/// <summary>Prompts from a file: JSON Lines, CSV or plain text, told apart by the file's extension.</summary>
static class PromptFile
{
    const long LongestFile = 256L << 20; // bytes; in memory it takes several times as much

    /// <summary>Reads every prompt of a file. UTF-8, with or without a byte order mark.</summary>
    /// <param name="path">A .jsonl, .ndjson, .csv or .txt file.</param>
    /// <returns>At least one prompt, in the file's order, names unique.</returns>
    /// <exception cref="InputException">Anything that is not plainly a prompt, with file and line.</exception>
    public static IReadOnlyList<Prompt> Read(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        Func<string, string, IEnumerable<PromptFields>> parse = extension switch
        {
            ".jsonl" or ".ndjson" => JsonLines.Parse,
            ".csv" => CsvPrompts.Parse,
            ".txt" => PlainText,
            _ => throw PromptErrors.Extension(path, extension),
        };
        return Named(path, parse(path, Utf8Text(path)));
    }

    /// <summary>Reads every prompt of a stream to its end: JSON Lines where its first character that is no white space is '{', else a text a line.</summary>
    /// <param name="name">What the stream is called in messages.</param>
    /// <param name="stream">The stream.</param>
    /// <exception cref="InputException">Anything that is not plainly a prompt, with the line.</exception>
    public static IReadOnlyList<Prompt> Read(string name, Stream stream)
    {
        string text = Utf8Text(name, BytesOf(name, stream));
        return Named(name, text.AsSpan().TrimStart().StartsWith("{") ? JsonLines.Parse(name, text) : PlainText(name, text));
    }

    /// <summary>Texts as prompts, named by their numbers.</summary>
    /// <param name="place">Where they were given, for messages.</param>
    /// <param name="texts">The texts.</param>
    /// <exception cref="InputException">One is empty, or no text at all: half of a surrogate pair.</exception>
    public static IReadOnlyList<Prompt> OfTexts(string place, IReadOnlyList<string> texts) =>
        Named(place, texts.Select((text, i) => new PromptFields($"{place} {i + 1}") { Text = text }));

    /// <summary>The prompts of JSON Lines that are already in memory.</summary>
    internal static IReadOnlyList<Prompt> FromJsonLines(string name, string text) => Named(name, JsonLines.Parse(name, text));

    /// <summary>Where a message points.</summary>
    internal static string Place(string file, int line) => $"{file}, line {line}";

    /// <summary>The lines of a text without their ends; a line end at the very end begins no line.</summary>
    internal static IEnumerable<(int Number, string Line)> Lines(string text)
    {
        string[] lines = text.Split('\n');
        int count = lines[^1] == "" ? lines.Length - 1 : lines.Length;
        for (int i = 0; i < count; i++) yield return (i + 1, lines[i].EndsWith('\r') ? lines[i][..^1] : lines[i]);
    }

    static IEnumerable<PromptFields> PlainText(string path, string text)
    {
        foreach (var (number, line) in Lines(text))
        {
            if (string.IsNullOrWhiteSpace(line)) throw PromptErrors.BlankLine(Place(path, number));
            yield return new(Place(path, number)) { Text = line };
        }
    }

    static List<Prompt> Named(string path, IEnumerable<PromptFields> all)
    {
        var prompts = new List<Prompt>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fields in all)
        {
            string place = fields.Place;
            if (fields.Text is not null && fields.Ids is not null) throw PromptErrors.BothTextAndIds(place);
            if (fields.Text is null && fields.Ids is null) throw PromptErrors.NeitherTextNorIds(place);
            if (fields.Text == "") throw PromptErrors.EmptyText(place);
            if (fields.Ids?.Count == 0) throw PromptErrors.EmptyIds(place);
            if (fields.Name == "") throw PromptErrors.EmptyValue(place, "name");
            if (fields.Category == "") throw PromptErrors.EmptyValue(place, "category");
            string name = fields.Name ?? FormattableString.Invariant($"{prompts.Count + 1}");
            if (!places.TryAdd(name, place)) throw PromptErrors.DuplicateName(place, name, places[name], isDefault: fields.Name is null);
            prompts.Add(new() { Name = name, Category = fields.Category, Text = fields.Text, Ids = fields.Ids, TrueEntropy = fields.TrueEntropy, Place = place });
        }
        return prompts.Count > 0 ? prompts : throw PromptErrors.NoPrompts(path);
    }

    static string Utf8Text(string path)
    {
        if (!Path.Exists(path)) throw PromptErrors.NotFound(path);
        byte[] bytes = InputFile.Bytes(path, LongestFile);
        return Utf8Text(path, bytes);
    }

    static byte[] BytesOf(string name, Stream stream)
    {
        using var memory = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            memory.Write(buffer, 0, read);
            if (memory.Length > LongestFile) throw CheckpointErrors.TooLong(name, memory.Length, LongestFile);
        }
        return memory.ToArray();
    }

    static string Utf8Text(string path, byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..]) throw PromptErrors.Utf16(path, "UTF-16 or UTF-32, little-endian");
        if (bytes is [0xFE, 0xFF, ..]) throw PromptErrors.Utf16(path, "UTF-16, big-endian");
        int at = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0, start = at, line = 1;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes.AsSpan(at), out var rune, out int length) != System.Buffers.OperationStatus.Done)
                throw PromptErrors.NotUtf8(path, line, at, bytes[at]);
            if (rune.Value == '\n') line++;
            at += length;
        }
        return Encoding.UTF8.GetString(bytes.AsSpan(start));
    }
}

/// <summary>One prompt as a file spells it, not checked yet; null for what it leaves out.</summary>
sealed record PromptFields(string Place)
{
    public string? Text { get; init; }

    public IReadOnlyList<int>? Ids { get; init; }

    public string? Name { get; init; }

    public string? Category { get; init; }

    public double? TrueEntropy { get; init; }
}
