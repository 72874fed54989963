namespace Castalia.Statistics;

/// <summary>Many resamples on all processors, the same bits for any number of them.</summary>
/// <remarks>
/// Resamples are cut into blocks of a fixed size; the indices of a block come from a stream whose seed follows from
/// the run's seed and the block's number, never from a thread. Results are stored by resample, or added as integers.
/// </remarks>
static class ResampleBlocks
{
    const int Size = 64;

    /// <summary>Does every resample once.</summary>
    /// <param name="count">Resamples.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">How many threads at most; null for as many as there are processors.</param>
    /// <param name="scratch">Makes what a thread works in.</param>
    /// <param name="resample">Does one: its number, the stream, the scratch.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static void Run<TScratch>(
        int count, long seed, int? threads, Func<TScratch> scratch, Action<int, IndexStream, TScratch> resample, CancellationToken cancellation = default) =>
        Parallel.For(
            0, (count + Size - 1) / Size, new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount, CancellationToken = cancellation }, scratch,
            (block, _, own) =>
            {
                var stream = IndexStream.OfBlock(seed, block);
                for (int b = block * Size; b < Math.Min(count, (block + 1) * Size); b++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    resample(b, stream, own);
                }
                return own;
            },
            _ => { });
}
