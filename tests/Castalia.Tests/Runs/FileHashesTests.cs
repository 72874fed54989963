using System.Security.Cryptography;
using Castalia.Errors;
using Castalia.Runs;
using Xunit;

namespace Castalia.Tests.Runs;

public sealed class FileHashesTests
{
    [Fact]
    public void Files_are_hashed_once_each_by_any_number_of_threads_and_progress_ends_at_the_total()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [.. Enumerable.Range(0, 5).Select(i => Path.Combine(folder.Path, $"{i}"))];
        for (int i = 0; i < paths.Length; i++) File.WriteAllBytes(paths[i], [.. Enumerable.Repeat((byte)i, 700_000 * i)]);
        foreach (int threads in new[] { 1, 3, 8 })
        {
            var seen = new Reports();
            var hashes = FileHashes.Of([.. paths, paths[2]], threads, seen, TestContext.Current.CancellationToken);
            Assert.Equal(5, hashes.Count);
            foreach (string path in paths)
                Assert.Equal(new FileHash(new FileInfo(path).Length, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))), hashes[path]);
            Assert.Equal(new HashProgress(7_000_000, 7_000_000), seen.All[^1]);
            Assert.Equal(seen.All.OrderBy(p => p.Bytes), seen.All);
        }
    }

    [Fact]
    public void A_file_that_is_gone_is_an_error_with_its_place_and_a_cancellation_ends_it()
    {
        using var folder = new TemporaryFolder();
        string gone = Path.Combine(folder.Path, "gone");
        var error = Assert.Throws<InputException>(() => FileHashes.Of([gone], 2, null, TestContext.Current.CancellationToken));
        Assert.Equal(gone, error.Place);
        string file = folder.Write("here", "abc");
        Assert.Throws<OperationCanceledException>(() => FileHashes.Of([file], 2, null, new CancellationToken(canceled: true)));
    }

    sealed class Reports : IProgress<HashProgress>
    {
        public List<HashProgress> All { get; } = [];

        public void Report(HashProgress value) => All.Add(value);
    }
}
