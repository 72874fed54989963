using System.Globalization;
using Castalia.Checkpoints;

namespace Castalia.Sweeps;

/// <summary>A cell that this process computes.</summary>
/// <param name="Path">The claim's file.</param>
/// <param name="Text">What stands in it: its owner, and eight digits of its own.</param>
/// <param name="Deaths">Owners that died with this claim before.</param>
sealed record Claim(string Path, string Text, int Deaths)
{
    /// <summary>Who claims, of a claim's text.</summary>
    public static string OwnerOf(string text) => text.Split(' ')[0];
}

/// <summary>Claims to cells: of the living owners that want one, at most one has it.</summary>
/// <remarks>
/// A claim is a file NAME.N with its owner's name and a word that no other claim has. It appears complete, by a link that fails where the name is taken
/// (<see cref="HardLink"/>). Who wants a cell (1) lists NAME.*, and goes away where the owner of the highest N lives; (2) makes NAME.N+1, or goes
/// away; (3) lists again, and withdraws where any other claim's owner lives, or its own is gone; (4) has the cell, and removes the dead ones' claims. Of two that
/// make claims at once the later to look sees the other's, whatever numbers they took, for everybody announces before looking; the numbers see to it that
/// not all of them withdraw. Nobody removes a living owner's claim: a claim is removed by its owner while nobody has taken it for dead, by the next who has the cell, or when
/// the cell is settled and a claim to it means nothing.
/// <para>Assumed of the file system: link(2) is atomic, and a listing shows what was there before it began and is there when it ends (local disks, NFS). Nothing of it is assumed
/// of a process that was halted past its lease and taken for dead: it may go on beside another with the same cell, and of one result one folder can be made.</para>
/// </remarks>
/// <param name="folder">The sweep.</param>
/// <param name="watch">Which owners are dead.</param>
sealed class SweepClaims(SweepFolder folder, OwnerWatch watch)
{
    /// <summary>Claims a name; null where a living owner has it, or many want it at once and another may.</summary>
    /// <param name="name">Provisional or final name of a cell.</param>
    /// <param name="owner">Who claims.</param>
    /// <exception cref="InputException">The disk refuses.</exception>
    public Claim? Take(string name, string owner)
    {
        int last = Numbers(name).DefaultIfEmpty(0).Max();
        if (last > 0 && (TextOf(At(name, last)) is not { } before || !watch.IsDead(Claim.OwnerOf(before)))) return null;
        var claim = new Claim(At(name, last + 1), $"{owner} {Guid.NewGuid().ToString("N")[..8]}", last);
        bool isMade = false;
        folder.Writing(() => isMade = Make(claim));
        if (!isMade) return null;
        if (!IsAlone(claim, name))
        {
            Withdraw(claim);
            return null;
        }
        foreach (int dead in Numbers(name).Where(number => number <= last).ToList()) Remove(At(name, dead));
        return claim;
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

    /// <summary>Gives a claim up. Who has been taken for dead gives up nothing: it is for others to remove.</summary>
    public void Release(Claim claim)
    {
        if (File.Exists(Path.Combine(folder.Owners, Claim.OwnerOf(claim.Text)))) Withdraw(claim);
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

    /// <summary>Whether a claim that was just made is there, what it succeeds is too, and no other claim's owner lives.</summary>
    bool IsAlone(Claim claim, string name)
    {
        int[] numbers = [.. Numbers(name)];
        return TextOf(claim.Path) == claim.Text && (claim.Deaths == 0 || numbers.Contains(claim.Deaths)) && numbers.Select(number => At(name, number)).All(path => path == claim.Path || !IsHeld(path));
    }

    /// <summary>Whether a living owner has a claim; of one that is there and cannot be read that is assumed.</summary>
    bool IsHeld(string path) => TextOf(path) is { } text ? !watch.IsDead(Claim.OwnerOf(text)) : File.Exists(path);

    static bool Make(Claim claim)
    {
        using var unfinished = Unfinished.Beside(claim.Path);
        File.WriteAllText(unfinished.Path, claim.Text);
        return Appear(unfinished.Path, claim);
    }

    /// <summary>Gives a claim that is written its name; false where that is taken, or where this process was halted meanwhile and what it was writing was removed as a dead one's.</summary>
    /// <param name="written">The file.</param>
    /// <param name="claim">The claim.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    internal static bool Appear(string written, Claim claim)
    {
        try
        {
            return HardLink.TryMake(written, claim.Path) || TextOf(claim.Path) == claim.Text; // NFS may answer twice that a link was made once
        }
        catch (IOException) when (!File.Exists(written) && TextOf(claim.Path) != claim.Text)
        {
            return false;
        }
    }

    static void Withdraw(Claim claim)
    {
        if (TextOf(claim.Path) == claim.Text) Remove(claim.Path);
    }

    IEnumerable<int> Numbers(string name) => Directory.EnumerateFiles(folder.Claims, $"{name}.*").Select(file => NumberOf(Path.GetFileName(file))).OfType<int>();

    string At(string name, int number) => Path.Combine(folder.Claims, FormattableString.Invariant($"{name}.{number}"));

    static int? NumberOf(string file) => file.Split('.') is [{ Length: CellKey.Digits }, { Length: < 6 } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Who has a claim; null where it is gone by now.</summary>
    static string? OwnerOf(string path) => TextOf(path) is { } text ? Claim.OwnerOf(text) : null;

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
