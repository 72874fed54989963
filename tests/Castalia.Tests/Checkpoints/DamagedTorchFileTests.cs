using Castalia.Checkpoints;
using Castalia.Errors;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Checkpoints;

public sealed class DamagedTorchFileTests
{
    static readonly byte[][] Files =
    [
        TorchBytes.Zip(), TorchBytes.Legacy(),
        .. Directory.GetFiles(Path.Combine(Shared.Repository, "tests", "golden", "torch"), "*.pt").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    /// <summary>Flipped, cut, doubled and exchanged bytes: read or refused, and what is read lies in the file.</summary>
    [Fact]
    public void They_are_read_or_refused_and_never_read_beyond_their_end()
    {
        int read = 0;
        Gen.Select(Gen.Int[0, Files.Length - 1], Gen.Int[0, 3], Gen.Int[0, 1 << 20], Gen.Byte, Gen.Int[0, 1 << 20]).Sample((file, how, at, value, other) =>
        {
            byte[] bytes = [.. Files[file]];
            at %= bytes.Length;
            other %= bytes.Length;
            switch (how)
            {
                case 0: bytes[at] = value; break;
                case 1: bytes = bytes[..at]; break;
                case 2: (bytes[at], bytes[other]) = (bytes[other], value); break;
                default: bytes = [.. bytes[..at], .. bytes[other..]]; break;
            }
            if (IsRead(bytes)) Interlocked.Increment(ref read);
        }, iter: 4000);
        Assert.InRange(read, 100, 3900); // a flip among the weights is not seen, one in the headers mostly is
    }

    /// <summary>Every byte of a small file in turn: least, most, one more, the other sign.</summary>
    [Fact]
    public void Every_byte_may_be_another()
    {
        foreach (byte[] file in Files[..2])
            for (int at = 0; at < file.Length; at++)
                foreach (byte value in new byte[] { 0, 0xFF, (byte)(file[at] + 1), (byte)(file[at] ^ 0x80) })
                    IsRead([.. file[..at], value, .. file[(at + 1)..]]);
    }

    static unsafe bool IsRead(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        using var file = MappedFile.Open(folder.Write("pytorch_model.bin", bytes));
        try
        {
            foreach (var tensor in TorchFile.Read(file))
            {
                Assert.True(tensor.Count >= 0 && tensor.ByteLength >= 0);
                if (tensor.Count == 0) continue;
                int size = tensor.DType.Block().Bytes;
                byte* last = tensor.RowStart(tensor.Rows - 1) + (tensor.Columns - 1) * tensor.ColumnStride * size;
                Assert.True(tensor.Data >= file.Data && last >= tensor.Data && last + size <= file.Data + file.Length, tensor.Name);
                byte[] element = new byte[size];
                tensor.CopyRow(tensor.Rows - 1, tensor.Columns - 1, element);
            }
            return true;
        }
        catch (InputException e)
        {
            Assert.NotEmpty(e.Remedy);
            return false;
        }
    }
}
