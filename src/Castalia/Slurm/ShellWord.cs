namespace Castalia.Slurm;

/// <summary>A word as a shell reads it.</summary>
static class ShellWord
{
    const string Plain = "-_=+./,:%@";

    /// <summary>As it is where a shell takes nothing in it for its own; else in quotes.</summary>
    public static string Of(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
