using System.Buffers.Binary;
using Castalia.Checkpoints;
using Castalia.Kernels;

namespace Castalia.Tests.Anatomy;

/// <summary>What is done to one tensor of a checkpoint.</summary>
public enum Change
{
    /// <summary>One value is replaced by another.</summary>
    OneValue,
    /// <summary>Every value is doubled.</summary>
    Doubled,
    /// <summary>Two values that differ change places: the shape and every sum over the values stay as they are.</summary>
    Permuted,
}

/// <summary>A tensor changed in one way, of the same name, type and shape.</summary>
static class ChangedTensor
{
    static readonly List<byte[]> s_kept = [];

    /// <summary>The changed tensor; null where the change would change nothing, as of zeros that are doubled.</summary>
    public static unsafe Tensor? Of(Tensor tensor, Change change, int seed)
    {
        float[] values = new float[tensor.Count], row = new float[tensor.Columns];
        for (long i = 0; i < tensor.Rows; i++)
        {
            Widen.Row(tensor, i, 0, row);
            row.CopyTo(values, i * tensor.Columns);
        }
        float[] changed = [.. values];
        int at = new Random(seed).Next(values.Length);
        switch (change)
        {
            case Change.OneValue: changed[at] = values[at] == 0.5f ? 0.25f : 0.5f; break;
            case Change.Doubled: changed = [.. values.Select(value => 2 * value)]; break;
            default:
                int other = Array.FindIndex(values, value => value != values[at]);
                if (other >= 0) (changed[at], changed[other]) = (values[other], values[at]);
                break;
        }
        if (changed.AsSpan().SequenceEqual(values)) return null;
        byte[] bytes = GC.AllocateArray<byte>(checked((int)tensor.ByteLength), pinned: true);
        int size = bytes.Length / values.Length;
        for (int i = 0; i < changed.Length; i++)
        {
            var to = bytes.AsSpan(i * size);
            if (tensor.DType == DType.F32) BinaryPrimitives.WriteSingleLittleEndian(to, changed[i]);
            else if (tensor.DType == DType.F16) BinaryPrimitives.WriteHalfLittleEndian(to, (Half)changed[i]);
            else if (tensor.DType == DType.BF16) BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(BitConverter.SingleToUInt32Bits(changed[i]) >> 16));
            else throw new NotSupportedException($"{tensor.DType}");
        }
        s_kept.Add(bytes);
        fixed (byte* data = bytes) return new(tensor.Name, tensor.DType, tensor.Shape, tensor.File, data, bytes.Length);
    }
}
