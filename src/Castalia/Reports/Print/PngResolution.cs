using System.Buffers.Binary;

namespace Castalia.Reports.Print;

/// <summary>Tells a PNG how large it is on paper (PNG specification, third edition, 11.3.4.3 pHYs).</summary>
static class PngResolution
{
    const int AfterHeader = 8 + 25; // signature and IHDR

    /// <summary>The image with so many dots an inch.</summary>
    /// <param name="png">Without such a statement.</param>
    /// <param name="dotsPerInch">Pixels in 25.4 mm.</param>
    public static byte[] With(byte[] png, int dotsPerInch)
    {
        Span<byte> chunk = stackalloc byte[21];
        BinaryPrimitives.WriteInt32BigEndian(chunk, 9);
        "pHYs"u8.CopyTo(chunk[4..]);
        int perMetre = (int)Math.Round(dotsPerInch / 0.0254);
        BinaryPrimitives.WriteInt32BigEndian(chunk[8..], perMetre);
        BinaryPrimitives.WriteInt32BigEndian(chunk[12..], perMetre);
        chunk[16] = 1; // metres
        BinaryPrimitives.WriteUInt32BigEndian(chunk[17..], Crc(chunk[4..17]));
        return [.. png.AsSpan(0, AfterHeader), .. chunk, .. png.AsSpan(AfterHeader)];
    }

    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }
        return ~crc;
    }
}
