using System.Text;
using Castalia.Checkpoints;
using Castalia.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Castalia.YamlFiles;

/// <summary>A file of text, and how places in it are named.</summary>
/// <param name="Name">Path or name, for messages.</param>
/// <param name="Text">All of it.</param>
/// <param name="Format">What it is meant to hold.</param>
sealed record SourceText(string Name, string Text, YamlFormat Format)
{
    const long LongestFile = 1L << 20; // bytes; those that ship have a few thousand

    /// <summary>A file on disk; UTF-8, with or without a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">What it is meant to hold.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static SourceText Read(string path, YamlFormat format)
    {
        try
        {
            return new(path, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(InputFile.Bytes(path, LongestFile)).TrimStart('\uFEFF'), format);
        }
        catch (Exception e) when (e is DecoderFallbackException or ArgumentException)
        {
            throw YamlErrors.Unreadable(path, e);
        }
    }

    /// <summary>A mark in it, for people.</summary>
    public string Place(Mark mark) => FormattableString.Invariant($"{Name}, line {mark.Line}, column {mark.Column}");

    /// <summary>A character of it, for people.</summary>
    public string Place(int index)
    {
        int line = 1, start = 0;
        for (int i = 0; i < index; i++)
        {
            if (Text[i] != '\n') continue;
            line++;
            start = i + 1;
        }
        return FormattableString.Invariant($"{Name}, line {line}, column {index - start + 1}");
    }
}

/// <summary>A value of a file, and where each of its characters stands there.</summary>
sealed class ScalarText
{
    readonly SourceText _source;
    readonly YamlScalarNode _node;

    public ScalarText(SourceText source, YamlScalarNode node)
    {
        _source = source;
        _node = node;
        Place = source.Place(node.Start);
    }

    /// <summary>Where it begins.</summary>
    public string Place { get; }

    /// <summary>The value.</summary>
    public string Value => _node.Value ?? "";

    /// <summary>Where one of its characters, or its end, stands.</summary>
    /// <param name="at">Index in the value, from 0.</param>
    /// <remarks>YAML folds and indents by white space alone, so characters that are not are counted in both; a value with escapes keeps only its beginning.</remarks>
    public string PlaceOf(int at)
    {
        int end = Value.Length;
        while (end > 0 && char.IsWhiteSpace(Value[end - 1])) end--;
        bool isEnd = at >= end;
        int count = Value.AsSpan(0, Math.Min(at, end)).ToArray().Count(c => !char.IsWhiteSpace(c));
        if (_node.Style == ScalarStyle.DoubleQuoted && Value.Contains('\\', StringComparison.Ordinal)) return Place;
        int i = Body();
        for (int seen = 0; i < _source.Text.Length; i++)
        {
            if (char.IsWhiteSpace(_source.Text[i])) continue;
            if (!isEnd && seen == count) break;
            if (++seen == count && isEnd) return _source.Place(i + 1);
        }
        return _source.Place(Math.Min(i, _source.Text.Length));
    }

    /// <summary>Where a line of the value stands; lines from 1.</summary>
    public string PlaceOfLine(int line)
    {
        string[] lines = Value.Split('\n');
        if (line < 1 || line > lines.Length) return Place;
        int at = lines.Take(line - 1).Sum(l => l.Length + 1);
        return PlaceOf(at + lines[line - 1].TakeWhile(char.IsWhiteSpace).Count());
    }

    /// <summary>Index in the file of the value's first character or of white space before it.</summary>
    int Body()
    {
        int start = (int)_node.Start.Index;
        return _node.Style switch
        {
            ScalarStyle.Literal or ScalarStyle.Folded => _source.Text.IndexOf('\n', start) is >= 0 and var end ? end : start,
            ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => start + 1,
            _ => start,
        };
    }
}
