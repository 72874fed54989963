using System.Globalization;
using Castalia.Checkpoints;

namespace Castalia.Sweeps;

/// <summary>A cell that this process computes.</summary>
/// <param name="Path">The claim's file.</param>
/// <param name="Text">What stands in it: its owner, and eight digits of its own.</param>
/// <param name="Deaths">Owners that died with this claim before.</param>
sealed record Claim(string Path, string Text, int Deaths);

/// <summary>Claims to cells: files that one of several can make.</summary>
/// <remarks>
/// A claim is a file NAME.N that holds its owner's name, and a word that no other claim has, and appears with it, by a link that fails where the name is taken; that is atomic on local disks and
/// on NFS. The highest N counts. Nobody removes another's claim: a dead owner's is succeeded by NAME.N+1, which one of several can make, and only then
/// removed. Should an owner that was taken for dead wake up, it computes in vain: of one result one folder can be made.
/// </remarks>
/// <param name="folder">The sweep.</param>
/// <param name="watch">Which owners are dead.</param>
sealed class SweepClaims(SweepFolder folder, OwnerWatch watch)
{
    /// <summary>Claims a name; null where a living owner has it.</summary>
    /// <param name="name">Provisional or final name of a cell.</param>
    /// <param name="owner">Who claims.</param>
    /// <exception cref="Errors.InputException">The disk refuses.</exception>
    public Claim? Take(string name, string owner)
    {
        int last = 0;
        foreach (string file in Directory.EnumerateFiles(folder.Claims, $"{name}.*"))
            if (NumberOf(Path.GetFileName(file)) is { } number) last = Math.Max(last, number);
        string before = At(name, last);
        if (last > 0 && (OwnerOf(before) is not { } other || !watch.IsDead(other))) return null;
        string path = At(name, last + 1), text = $"{owner} {Guid.NewGuid().ToString("N")[..8]}";
        bool isMade = false;
        folder.Writing(() => isMade = Make(path, text));
        if (!isMade) return null;
        if (last == 0) return new(path, text, 0);
        // Who released it meanwhile may have been followed by another, who began again from 1.
        if (!File.Exists(before))
        {
            Remove(path);
            return null;
        }
        Remove(before);
        return new(path, text, last);
    }

    /// <summary>Names that living owners compute.</summary>
    public IReadOnlySet<string> Held()
    {
        var dead = new Dictionary<string, bool>(StringComparer.Ordinal);
        return SweepFolder.Names(folder.Claims)
            .Select(file => (Name: file.Split('.')[0], Number: NumberOf(file), File: file)).Where(claim => claim.Number is not null)
            .GroupBy(claim => claim.Name, StringComparer.Ordinal).Select(claims => claims.MaxBy(claim => claim.Number))
            .Where(claim => OwnerOf(Path.Combine(folder.Claims, claim.File)) is { } owner && !IsDead(owner)).Select(claim => claim.Name).ToHashSet(StringComparer.Ordinal);

        bool IsDead(string owner) => dead.TryGetValue(owner, out bool known) ? known : dead[owner] = watch.IsDead(owner);
    }

    /// <summary>Owners that died with a claim to each name, where there were any.</summary>
    public IReadOnlyDictionary<string, int> Deaths()
    {
        var deaths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string file in SweepFolder.Names(folder.Claims))
            if (NumberOf(file) is { } number) deaths[file.Split('.')[0]] = Math.Max(number, deaths.GetValueOrDefault(file.Split('.')[0]));
        return deaths;
    }

    /// <summary>Gives a claim up; one that is another's by now stays.</summary>
    public static void Release(Claim claim)
    {
        if (TextOf(claim.Path) == claim.Text) Remove(claim.Path);
    }

    /// <summary>Removes what dead owners claimed and others have settled since.</summary>
    /// <param name="isSettled">Whether nobody needs to compute a name.</param>
    public void Tidy(Func<string, bool> isSettled)
    {
        foreach (string file in SweepFolder.Names(folder.Claims).ToList())
            if (NumberOf(file) is not null && isSettled(file.Split('.')[0]) && OwnerOf(Path.Combine(folder.Claims, file)) is { } owner && watch.IsDead(owner)) Remove(Path.Combine(folder.Claims, file));
    }

    static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ends with its owner.
        }
    }

    static bool Make(string path, string text)
    {
        using var unfinished = Unfinished.Beside(path);
        File.WriteAllText(unfinished.Path, text);
        try
        {
            File.Move(unfinished.Path, path);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return TextOf(path) == text; // NFS may answer twice that a link was made once
        }
    }

    string At(string name, int number) => Path.Combine(folder.Claims, FormattableString.Invariant($"{name}.{number}"));

    static int? NumberOf(string file) => file.Split('.') is [{ Length: CellKey.Digits }, var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Who has a claim; null where it is gone by now.</summary>
    static string? OwnerOf(string path) => TextOf(path)?.Split(' ')[0];

    static string? TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
