using System.Buffers.Binary;
using System.Text;

namespace Castalia.Tests.Checkpoints;

/// <summary>Safetensors files byte by byte, so that a test can get one of them wrong.</summary>
static class SafetensorsBytes
{
    /// <summary>Two tensors: "a" F32 [2, 3] in bytes 0–24 and "b" F16 [4] in bytes 24–32.</summary>
    public const string Header =
        """{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]}}""";

    public const int DataLength = 32;

    /// <summary>A file with this header and so many bytes of data, 0, 1, 2, …</summary>
    public static byte[] File(string header = Header, int dataLength = DataLength) =>
        File(Encoding.UTF8.GetBytes(header), [.. Enumerable.Range(0, dataLength).Select(i => (byte)i)]);

    public static byte[] File(byte[] header, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    /// <summary>A file whose first 8 bytes claim this length.</summary>
    public static byte[] Claiming(ulong length, int bytes)
    {
        byte[] file = new byte[bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        return file;
    }
}
