using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Castalia.Tokens;

/// <summary>The pieces of a vocabulary with their ids, in the order in which they were added.</summary>
/// <remarks>
/// A dictionary that finds a piece by two texts of which it is the one behind the other, so that a hundred thousand merges need not be put
/// together to be looked up. Open addressing; hashes start from a number of the process's own, so no file can be made to collide.
/// </remarks>
sealed class PieceTable : IReadOnlyDictionary<string, int>
{
    static readonly uint Start = (uint)Random.Shared.Next();

    string[] _pieces;
    int[] _ids, _slots; // a slot holds 1 + the place of a piece, 0 where it is empty
    uint[] _hashes;

    /// <param name="capacity">Pieces expected; more find room.</param>
    public PieceTable(int capacity = 16)
    {
        capacity = Math.Max(16, capacity);
        (_pieces, _ids, _hashes) = (new string[capacity], new int[capacity], new uint[capacity]);
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
    }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>The largest id; −1 without pieces.</summary>
    public int HighestId { get; private set; } = -1;

    /// <inheritdoc/>
    public int this[string key] => TryGetValue(key, out int id) ? id : throw new KeyNotFoundException($"There is no piece '{key}'.");

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _pieces.Take(Count);

    /// <inheritdoc/>
    public IEnumerable<int> Values => _ids.Take(Count);

    /// <summary>A piece by its place, from 0.</summary>
    public string PieceAt(int place) => _pieces[place];

    /// <summary>The id of the piece at a place, from 0.</summary>
    public int IdAt(int place) => _ids[place];

    /// <summary>Adds a piece; false, and nothing done, where it is there already.</summary>
    public bool TryAdd(string piece, int id)
    {
        uint hash = Hash(Start, piece);
        int slot = Slot(hash, piece, []);
        if (_slots[slot] != 0) return false;
        if (Count == _pieces.Length)
        {
            Grow();
            slot = Slot(hash, piece, []);
        }
        (_pieces[Count], _ids[Count], _hashes[Count]) = (piece, id, hash);
        _slots[slot] = ++Count;
        HighestId = Math.Max(HighestId, id);
        return true;
    }

    /// <summary>The id of the piece that is one text behind another; false where there is none.</summary>
    public bool TryGet(ReadOnlySpan<char> left, ReadOnlySpan<char> right, out int id)
    {
        int place = _slots[Slot(Hash(Hash(Start, left), right), left, right)] - 1;
        id = place < 0 ? 0 : _ids[place];
        return place >= 0;
    }

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out int value) => TryGet(key, [], out value);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGet(key, [], out _);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, int>> GetEnumerator()
    {
        for (int place = 0; place < Count; place++) yield return new(_pieces[place], _ids[place]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static uint Hash(uint hash, ReadOnlySpan<char> text)
    {
        foreach (char c in text) hash = (BitOperations.RotateLeft(hash, 5) ^ c) * 0x9E3779B1;
        return hash;
    }

    /// <summary>The slot of the piece left + right, or the empty one where it belongs.</summary>
    int Slot(uint hash, ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int mask = _slots.Length - 1, slot = (int)(hash ^ (hash >> 15)) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            int place = _slots[slot] - 1;
            if (_hashes[place] == hash && IsJoined(_pieces[place], left, right)) break;
        }
        return slot;
    }

    static bool IsJoined(string piece, ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        piece.Length == left.Length + right.Length && piece.AsSpan().StartsWith(left) && piece.AsSpan(left.Length).SequenceEqual(right);

    void Grow()
    {
        int capacity = 2 * _pieces.Length;
        Array.Resize(ref _pieces, capacity);
        Array.Resize(ref _ids, capacity);
        Array.Resize(ref _hashes, capacity);
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
        int mask = _slots.Length - 1;
        for (int place = 0; place < Count; place++)
        {
            int slot = (int)(_hashes[place] ^ (_hashes[place] >> 15)) & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = place + 1;
        }
    }
}
