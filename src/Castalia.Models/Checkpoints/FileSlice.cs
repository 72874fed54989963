namespace Castalia.Checkpoints;

/// <summary>Bytes of a file that are hashed by themselves while the file is.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes.</param>
sealed record FileSlice(string Path, long Start, long Length);
