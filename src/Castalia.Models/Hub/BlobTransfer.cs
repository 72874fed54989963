using System.Net;
using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>Brings the contents of a file into the cache: gathered in a part file, verified, and only then given their name.</summary>
sealed class BlobTransfer(HubClient client, HubCache cache, HubSettings settings, HubAddress address, string commit, Action<string> say)
{
    // errno EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION
    const int LockedOnLinux = 11, LockedOnMac = 35, LockedOnWindows = unchecked((int)0x80070020);

    /// <summary>Fetches what is missing of a file that is not in the cache.</summary>
    /// <param name="file">The file, with its length and hash.</param>
    /// <param name="advance">Told by how many bytes more are there; negative where it begins anew.</param>
    /// <param name="cancellation">Leaves the part for the next time.</param>
    /// <returns>Bytes that came over the network.</returns>
    /// <exception cref="InputException">It cannot be had, or is not what it should be.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public async Task<long> Fetch(HubFile file, Action<long> advance, CancellationToken cancellation)
    {
        string blob = cache.Blob(address.Repository, file.Hash!), path = cache.Part(address.Repository, file.Hash!);
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        using var locked = await Locked(cache.Lock(address.Repository, file.Hash!), file.Name, cancellation);
        if (HubCache.LengthOf(blob) == file.Bytes)
        {
            advance(file.Bytes!.Value); // someone else has fetched it while we waited
            return 0;
        }
        long received = 0;
        using (var part = await BlobPart.Open(path, file, advance, cancellation))
        {
            var attempts = new Attempts(settings, say);
            void Arrived(int bytes)
            {
                received += bytes;
                attempts.Progressed();
            }
            while (true)
            {
                await attempts.Until(() => Continue(file, part, Arrived, cancellation), cancellation);
                bool resumed = part.Resumed;
                if (part.IsGenuine(out string found)) break;
                part.Restart();
                if (!resumed) throw HubErrors.WrongHash(address, file, found);
                say($"{file.Name}: what was left of an earlier attempt is not of this file; fetching all of it.");
            }
            part.Flush();
        }
        File.Move(path, blob, overwrite: true);
        return received;
    }

    /// <summary>Asks for the bytes that the part has not, and appends them.</summary>
    async Task Continue(HubFile file, BlobPart part, Action<int> arrived, CancellationToken cancellation)
    {
        if (part.Bytes == file.Bytes) return;
        using var reply = await client.Open(address, commit, file.Name, part.Bytes, cancellation);
        if (part.Bytes > 0 && !GoesOn(reply, part.Bytes))
        {
            part.Restart();
            // Neither the rest nor the whole: ask anew, for the whole.
            if (reply.Response.StatusCode != HttpStatusCode.OK) throw new PassingFault(HubErrors.WrongRange(file.Name, reply.Place));
        }
        else if (part.Bytes == 0 && reply.Response.StatusCode != HttpStatusCode.OK)
        {
            throw HubErrors.OtherAnswer(reply.Place, (int)reply.Response.StatusCode, "");
        }
        await using var body = await client.Timed(reply.Response.Content.ReadAsStreamAsync, reply.Place, cancellation);
        byte[] buffer = new byte[1 << 20];
        while (true)
        {
            int read = await client.Timed(token => body.ReadAsync(buffer, token).AsTask(), reply.Place, cancellation);
            if (read == 0) break;
            if (part.Bytes + read > file.Bytes)
            {
                part.Restart();
                throw HubErrors.TooLong(file, reply.Place);
            }
            await part.Append(buffer.AsMemory(0, read), cancellation);
            arrived(read);
        }
        if (part.Bytes < file.Bytes) throw new PassingFault(HubErrors.EndedEarly(file, part.Bytes, reply.Place));
    }

    /// <summary>Whether the answer goes on at the byte that was asked for.</summary>
    static bool GoesOn(HubReply reply, long from) =>
        reply.Response.StatusCode == HttpStatusCode.PartialContent && reply.Response.Content.Headers.ContentRange?.From == from;

    /// <summary>Holds the lock that the tools hold too: flock on a file of the cache.</summary>
    async Task<FileStream> Locked(string path, string name, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (bool told = false; ; told = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
            {
                if (!told) say($"{name}: another program is fetching it; waiting.");
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
    }
}
