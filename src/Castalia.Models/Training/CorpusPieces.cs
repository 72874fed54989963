using System.Text;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Training;

/// <summary>A text file piece by piece, so that no more of it is held than a piece.</summary>
/// <remarks>
/// A piece has at most 64 KiB and ends with a line where one ends there, else with a word, else with a character. What is held out begins with the first line that begins after 19 twentieths
/// of the bytes (the first word, the first character, where there is no such line near). A byte order mark is left out.
/// </remarks>
static class CorpusPieces
{
    const int Longest = 1 << 16, HeldOutOf = 20;

    static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The pieces in order.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <exception cref="InputException">It cannot be read, is empty, or is no UTF-8.</exception>
    public static IEnumerable<(string Text, bool IsHeldOut)> Read(string path)
    {
        using var file = InputFile.Open(path);
        long length = file.Length, heldFrom = length - length / HeldOutOf, at = 0;
        byte[] buffer = new byte[Longest];
        int filled = 0;
        bool isHeldOut = false, any = false;
        while (true)
        {
            filled += Fill(path, file, buffer.AsSpan(filled));
            if (filled == 0) break;
            bool isLast = filled < buffer.Length;
            if (at == 0 && buffer.AsSpan(0, filled).StartsWith(Encoding.UTF8.Preamble))
            {
                at = Drop(Encoding.UTF8.Preamble.Length);
                continue;
            }
            int begins = isHeldOut || heldFrom - at > filled ? -1 : (int)Math.Max(0, heldFrom - at);
            int end = begins >= 0 && FirstEnd(buffer.AsSpan(0, filled), begins) is > 0 and var first ? first : isLast ? filled : LastEnd(buffer.AsSpan(0, filled));
            yield return (Decoded(path, buffer.AsSpan(0, end), at), isHeldOut);
            any = true;
            if (begins >= 0) isHeldOut = true;
            at += Drop(end);
        }
        if (!any) throw CorpusErrors.Empty(path);

        int Drop(int count)
        {
            buffer.AsSpan(count, filled - count).CopyTo(buffer);
            filled -= count;
            return count;
        }
    }

    static int Fill(string path, FileStream file, Span<byte> room)
    {
        try
        {
            return file.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.CannotOpen(path, e);
        }
    }

    static string Decoded(string path, ReadOnlySpan<byte> bytes, long at)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (ArgumentException)
        {
            for (int i = 0; i < bytes.Length;)
            {
                if (Rune.DecodeFromUtf8(bytes[i..], out _, out int consumed) != System.Buffers.OperationStatus.Done) throw CorpusErrors.NotUtf8(path, at + i);
                i += consumed;
            }
            throw;
        }
    }

    /// <summary>After the first line, word or character that ends at a byte or after it.</summary>
    static int FirstEnd(ReadOnlySpan<byte> bytes, int from)
    {
        foreach (byte mark in "\n "u8)
            if (bytes[from..].IndexOf(mark) is >= 0 and var found) return from + found + 1;
        while (from < bytes.Length && IsInside(bytes[from])) from++;
        return from;
    }

    /// <summary>After the last line, word or character that ends in a full buffer.</summary>
    static int LastEnd(ReadOnlySpan<byte> bytes)
    {
        foreach (byte mark in "\n "u8)
            if (bytes.LastIndexOf(mark) is >= 0 and var found) return found + 1;
        int end = bytes.Length;
        for (int back = 1; back <= 3 && end == bytes.Length; back++)
            if (!IsInside(bytes[^back])) end = bytes.Length - back;
        return end;
    }

    /// <summary>A byte that goes on with a character.</summary>
    static bool IsInside(byte value) => (value & 0xC0) == 0x80;
}
