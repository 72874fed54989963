using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>The boundary around every reader of a user's file: what a reader did not foresee still ends as an error that names the file.</summary>
/// <remarks>A net under the readers, not a way to read: each says itself what is wrong, and where, of all it knows can be wrong.</remarks>
static class Malformed
{
    /// <summary>What a reader returns.</summary>
    /// <param name="path">The file, or the folder.</param>
    /// <param name="read">Reads it to its end: nothing of it may be left for later.</param>
    /// <exception cref="InputException">What the reader threw, or that the file is malformed.</exception>
    public static T Unless<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (InputException or OperationCanceledException))
        {
            throw CheckpointErrors.Malformed(path, e);
        }
    }
}
