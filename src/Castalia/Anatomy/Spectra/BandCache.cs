using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Untrained;

namespace Castalia.Anatomy.Spectra;

/// <summary>Singular directions of unembeddings, kept by the hash of the weights they are made of; what cannot be written or read is done without.</summary>
/// <remarks>A file each: a line, the number and the width of the directions, singular values, directions, all little-endian float64, and the SHA-256 of what stands before it.</remarks>
/// <param name="folder">Where they are kept.</param>
sealed class BandCache(string folder)
{
    static ReadOnlySpan<byte> Format => "castalia bands 1\n"u8;

    /// <summary>The user's: <c>unembedding-bands</c> beside what Castalia keeps else; null where there is no such place.</summary>
    public static BandCache? OfUser()
    {
        try
        {
            return new(Path.Combine(UntrainedNetworks.DefaultCache, "unembedding-bands"));
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>What is kept under a key; null where it is not there, or damaged.</summary>
    public (double[] Values, double[] Right)? Find(string key, int directions, int width)
    {
        try
        {
            if (!BitConverter.IsLittleEndian || !File.Exists(PathOf(key))) return null;
            using var file = File.OpenRead(PathOf(key));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] head = new byte[Format.Length + 2 * sizeof(int)], digest = new byte[SHA256.HashSizeInBytes];
            double[] values = new double[directions], right = new double[directions * width];
            if (file.Length != head.Length + digest.Length + sizeof(double) * ((long)values.Length + right.Length)) return null;
            Read(file, head, hash);
            Read(file, MemoryMarshal.AsBytes(values.AsSpan()), hash);
            Read(file, MemoryMarshal.AsBytes(right.AsSpan()), hash);
            file.ReadExactly(digest);
            bool isWhole = head.AsSpan().SequenceEqual(Head(directions, width)) && hash.GetHashAndReset().AsSpan().SequenceEqual(digest);
            return isWhole ? (values, right) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        static void Read(FileStream file, Span<byte> part, IncrementalHash hash)
        {
            file.ReadExactly(part);
            hash.AppendData(part);
        }
    }

    /// <summary>Keeps a decomposition.</summary>
    public void Keep(string key, double[] values, double[] right)
    {
        if (!BitConverter.IsLittleEndian) return;
        try
        {
            Directory.CreateDirectory(folder);
            Unfinished.Sweep(folder);
            using var unfinished = Unfinished.Beside(PathOf(key));
            using (var file = File.Create(unfinished.Path))
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                Write(file, Head(values.Length, right.Length / values.Length), hash);
                Write(file, MemoryMarshal.AsBytes(values.AsSpan()), hash);
                Write(file, MemoryMarshal.AsBytes(right.AsSpan()), hash);
                file.Write(hash.GetHashAndReset());
            }
            File.Move(unfinished.Path, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            // They are made again the next time.
        }

        static void Write(FileStream file, ReadOnlySpan<byte> part, IncrementalHash hash)
        {
            file.Write(part);
            hash.AppendData(part);
        }
    }

    string PathOf(string key) => Path.Combine(folder, $"{key[..32]}.bands");

    static byte[] Head(int directions, int width) => [.. Format, .. BitConverter.GetBytes(directions), .. BitConverter.GetBytes(width)];
}
