using System.Text;

namespace Castalia.Tests.Checkpoints;

/// <summary>Pickles opcode by opcode, so that a test can get one of them wrong.</summary>
sealed class PickleWriter
{
    readonly List<byte> _bytes;

    public PickleWriter(byte protocol = 2) => _bytes = [0x80, protocol];

    /// <summary>Opcodes and operands as they are; a letter is its code.</summary>
    public PickleWriter Op(string codes)
    {
        _bytes.AddRange(Encoding.Latin1.GetBytes(codes));
        return this;
    }

    public PickleWriter Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        _bytes.AddRange([(byte)'X', .. BitConverter.GetBytes(utf8.Length), .. utf8]);
        return this;
    }

    public PickleWriter Int(long value)
    {
        _bytes.AddRange([0x8A, 8, .. BitConverter.GetBytes(value)]);
        return this;
    }

    public PickleWriter Tuple(params long[] values)
    {
        Op("(");
        foreach (long value in values) Int(value);
        return Op("t");
    }

    public PickleWriter Global(string module, string name) => Op($"c{module}\n{name}\n");

    /// <summary>The storage behind a persistent id; a legacy one with the part it is of, or None.</summary>
    public PickleWriter Storage(string type, string key, long count, Action<PickleWriter>? part = null)
    {
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count);
        part?.Invoke(this);
        return Op("tQ");
    }

    /// <summary>A tensor as _rebuild_tensor_v2 makes it.</summary>
    /// <param name="storage">Writes its storage.</param>
    /// <param name="offset">In elements.</param>
    /// <param name="shape">Its axes.</param>
    /// <param name="strides">In elements.</param>
    /// <param name="more">Writes further arguments.</param>
    public PickleWriter Tensor(Action<PickleWriter> storage, long offset, long[] shape, long[] strides, Action<PickleWriter>? more = null)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op("(");
        storage(this);
        Int(offset).Tuple(shape).Tuple(strides).Op("\u0089").Global("collections", "OrderedDict").Op(")R");
        more?.Invoke(this);
        return Op("tR");
    }

    /// <summary>The bytes, ended by STOP unless they are to break off.</summary>
    public byte[] End(bool stop = true) => stop ? [.. _bytes, (byte)'.'] : [.. _bytes];
}
