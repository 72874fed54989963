namespace Castalia.Tests.Checkpoints;

/// <summary>PyTorch files byte by byte, so that a test can get one of them wrong.</summary>
static class TorchBytes
{
    /// <summary>Six floats, the storage "0" of the correct files.</summary>
    public static readonly byte[] Six = [.. new float[] { 1, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)];

    /// <summary>A dictionary of one tensor "a", F32 [2, 3], in storage "0" of six elements.</summary>
    public static byte[] Pickle() => Dictionary(p => p.Text("a").Tensor(Floats(), 0, [2, 3], [3, 1]));

    /// <summary>A dictionary of what <paramref name="entries"/> writes: keys and values in turn.</summary>
    public static byte[] Dictionary(Action<PickleWriter> entries)
    {
        var pickle = new PickleWriter().Op("}(");
        entries(pickle);
        return pickle.Op("u").End();
    }

    /// <summary>Writes storage "0" of six floats.</summary>
    public static Action<PickleWriter> Floats(long count = 6) => p => p.Storage("FloatStorage", "0", count);

    /// <summary>The same as a legacy file refers to it.</summary>
    public static Action<PickleWriter> LegacyFloats(Action<PickleWriter>? part = null) =>
        p => p.Storage("FloatStorage", "0", 6, part ?? (none => none.Op("N")));

    /// <summary>The parts of a correct archive around a pickle.</summary>
    public static List<ZipPart> Parts(byte[]? pickle = null, params (string Key, byte[] Data)[] storages) =>
    [
        new("m/data.pkl", pickle ?? Pickle()),
        new("m/byteorder", "little"u8.ToArray()),
        .. (storages.Length > 0 ? storages : [("0", Six)]).Select(s => new ZipPart($"m/data/{s.Key}", s.Data) { Padding = 13 }),
        new("m/version", "3\n"u8.ToArray()),
    ];

    /// <summary>A zip file around a pickle.</summary>
    public static byte[] Zip(byte[]? pickle = null, params (string Key, byte[] Data)[] storages) => ZipBytes.File(Parts(pickle, storages), zip64: true);

    /// <summary>A legacy file: its pickles and its storages, each correct unless given.</summary>
    public static byte[] Legacy(
        byte[]? pickle = null, string? magic = null, long protocol = 1001, Action<PickleWriter>? facts = null, byte[]? keys = null, byte[]? data = null)
    {
        pickle ??= Dictionary(p => p.Text("a").Tensor(LegacyFloats(), 0, [2, 3], [3, 1]));
        var machine = new PickleWriter();
        (facts ?? (p => p.Op("}(").Text("protocol_version").Int(1001).Text("little_endian").Op("\u0088").Op("u")))(machine);
        return
        [
            .. new PickleWriter().Op(magic ?? "\u008A\nl\u00FC\u009CF\u00F9 j\u00A8P\u0019").End(), .. new PickleWriter().Int(protocol).End(), .. machine.End(),
            .. pickle, .. keys ?? new PickleWriter().Op("](").Text("0").Op("e").End(), .. data ?? [.. BitConverter.GetBytes(6L), .. Six],
        ];
    }
}
