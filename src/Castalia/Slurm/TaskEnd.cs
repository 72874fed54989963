using System.Globalization;
using Castalia.Errors;
using Castalia.Sweeps;

namespace Castalia.Slurm;

/// <summary>How a task ends: whether it asks Slurm to start it again.</summary>
/// <remarks>
/// Slurm starts a task that ends with the code for it again at every limit, without end. So a task asks for it only where it has finished a cell, and only so often; each time is a file in its
/// submission's folder, for Slurm's own count is lost with a controller.
/// </remarks>
static class TaskEnd
{
    /// <summary>The folder of the files that count.</summary>
    public const string Requeued = "requeued";

    /// <summary>Whether a task should be started again; false: it has done what it could.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="submission">Its submission.</param>
    /// <param name="index">Its index in the array.</param>
    /// <param name="end">What it did.</param>
    /// <param name="isLate">Whether its time limit came near.</param>
    /// <param name="most">As often as it may ask.</param>
    /// <exception cref="InputException">It has finished nothing; it has asked as often as it may; the folder cannot be written.</exception>
    public static bool Requeues(SweepFolder folder, string submission, int index, SweepEnd end, bool isLate, int most)
    {
        if (end.Waiting == 0 || !isLate) return false;
        string own = Path.Combine(folder.Slurm, submission);
        if (end.Computed == 0) throw SlurmErrors.NoProgress(own);
        string counted = Path.Combine(own, Requeued);
        int before = 0;
        folder.Writing(() =>
        {
            Directory.CreateDirectory(counted);
            before = Directory.EnumerateFiles(counted, FormattableString.Invariant($"{index}.*")).Count();
        });
        if (before >= most) throw SlurmErrors.TooOften(before, own);
        folder.Writing(() => File.WriteAllBytes(Path.Combine(counted, string.Create(CultureInfo.InvariantCulture, $"{index}.{before + 1}")), []));
        return true;
    }
}
