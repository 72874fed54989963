using System.Buffers.Binary;
using System.Numerics;

namespace Castalia.Fuzzing.Mutation;

/// <summary>A place of a file and what is to stand there.</summary>
/// <param name="Of">The place.</param>
/// <param name="With">What is put there.</param>
/// <param name="Items">How many items more there are then.</param>
sealed record Edit(Region Of, byte[] With, int Items = 0);

/// <summary>Carries out edits.</summary>
static class Edits
{
    /// <summary>The bytes after the edits; one that overlaps an earlier place is left out.</summary>
    /// <param name="bytes">The bytes before.</param>
    /// <param name="edits">The edits.</param>
    /// <param name="honest">Lengths and counts follow.</param>
    public static byte[] Apply(byte[] bytes, List<Edit> edits, bool honest)
    {
        var places = new List<(int Start, int End, byte[] With)>();
        foreach (var edit in edits)
        {
            if (places.Exists(place => edit.Of.Start < place.End && place.Start < edit.Of.End)) continue;
            places.Add((edit.Of.Start, edit.Of.End, edit.With));
        }
        if (honest) AddLengths(bytes, edits, places);
        places.Sort((a, b) => (a.Start, a.End).CompareTo((b.Start, b.End))); // what is put before a place comes before what replaces it
        int length = bytes.Length;
        foreach (var (start, end, with) in places) length += with.Length - (end - start);
        byte[] edited = new byte[length];
        int from = 0, to = 0;
        foreach (var (start, end, with) in places)
        {
            bytes.AsSpan(from, start - from).CopyTo(edited.AsSpan(to));
            to += start - from;
            with.CopyTo(edited, to);
            to += with.Length;
            from = end;
        }
        bytes.AsSpan(from).CopyTo(edited.AsSpan(to));
        return edited;
    }

    static void AddLengths(byte[] bytes, List<Edit> edits, List<(int Start, int End, byte[] With)> places)
    {
        var changes = new Dictionary<LengthField, long>();
        foreach (var edit in edits)
            foreach (var field in edit.Of.Lengths)
                changes[field] = changes.GetValueOrDefault(field) + (field.Counts ? edit.Items : edit.With.Length - (edit.Of.End - edit.Of.Start));
        foreach (var (field, change) in changes)
        {
            if (change == 0 || places.Exists(place => field.At < place.End && place.Start < field.At + field.Width)) continue;
            places.Add((field.At, field.At + field.Width, Written(bytes.AsSpan(field.At, field.Width), field, change)));
        }
    }

    static byte[] Written(ReadOnlySpan<byte> stated, LengthField field, long change)
    {
        if (field.IsVarint) return Varint(ReadVarint(stated) + (ulong)change, field.Width);
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        stated.CopyTo(wide);
        BinaryPrimitives.WriteUInt64LittleEndian(wide, BinaryPrimitives.ReadUInt64LittleEndian(wide) + (ulong)change);
        return wide[..field.Width].ToArray();
    }

    /// <summary>A varint of at least so many bytes.</summary>
    public static byte[] Varint(ulong value, int least = 1)
    {
        int length = Math.Max(least, value == 0 ? 1 : (BitOperations.Log2(value) + 7) / 7);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++, value >>= 7) bytes[i] = (byte)((value & 0x7F) | (i < length - 1 ? 0x80u : 0));
        return bytes;
    }

    public static ulong ReadVarint(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80) break;
        }
        return value;
    }
}
