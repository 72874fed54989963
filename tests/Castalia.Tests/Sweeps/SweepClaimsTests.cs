using Castalia.Sweeps;
using Xunit;

namespace Castalia.Tests.Sweeps;

public sealed class SweepClaimsTests : IDisposable
{
    const string Cell = "0123456789abcdef", Elsewhere = "deadbeef-1-1-12345678";

    readonly TemporaryFolder _temporary = new();
    readonly SweepFolder _folder;
    readonly SweepClaims _claims;

    public SweepClaimsTests()
    {
        _folder = new(_temporary.Path);
        _folder.Make();
        _claims = new(_folder, new(_folder));
    }

    [Fact]
    public void Of_many_that_claim_at_once_one_has_it()
    {
        using var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1));
        for (int round = 0; round < 20; round++)
        {
            string cell = FormattableString.Invariant($"{round:x16}");
            int won = 0;
            SweepFixture.AtOnce(8, _ =>
            {
                if (new SweepClaims(_folder, new(_folder)).Take(cell, owner.Id) is not null) Interlocked.Increment(ref won);
            });
            Assert.Equal(1, won);
        }
    }

    /// <summary>Others take it for dead, and remove what it was writing; it goes on with another cell.</summary>
    [Fact]
    public void A_claim_whose_owner_was_halted_while_it_was_made_is_none_and_another_disk_error_is_said()
    {
        using var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1));
        string written = Path.Combine(_folder.Claims, "written"), removed = Path.Combine(_folder.Claims, "removed");
        File.WriteAllText(written, $"{owner.Id} 00000000");
        var claim = new Claim(Path.Combine(_folder.Claims, $"{Cell}.1"), $"{owner.Id} 00000000", 0);
        Assert.False(SweepClaims.Appear(removed, claim));
        Assert.False(File.Exists(claim.Path));
        Assert.ThrowsAny<IOException>(() => SweepClaims.Appear(written, claim with { Path = Path.Combine(_folder.Claims, "none", "x.1") }));
        Assert.True(SweepClaims.Appear(written, claim));
    }

    [Fact]
    public void Of_many_that_succeed_a_dead_one_at_once_one_does_and_counts_the_death()
    {
        using var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1));
        for (int round = 0; round < 20; round++)
        {
            string cell = FormattableString.Invariant($"{round:x16}");
            Assert.NotNull(_claims.Take(cell, Elsewhere)); // it has no file: it is dead
            List<Claim> won = [];
            SweepFixture.AtOnce(8, _ =>
            {
                if (new SweepClaims(_folder, new(_folder)).Take(cell, owner.Id) is { } claim) lock (won) won.Add(claim);
            });
            Assert.Equal(1, Assert.Single(won).Deaths);
            Assert.Equal([$"{cell}.2"], Directory.GetFiles(_folder.Claims, $"{cell}*").Select(Path.GetFileName));
        }
    }

    [Fact]
    public void However_many_claim_release_and_die_two_that_live_never_have_one_cell()
    {
        int holders = 0, had = 0, most = 0, deaths = 0, asked = 0;
        SweepFixture.AtOnce(8, seed =>
        {
            var random = new Random(seed);
            var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1));
            while (Volatile.Read(ref had) < 300)
            {
                if (Interlocked.Increment(ref asked) > 1_000_000) Assert.Fail("Nobody gets the cell any more.");
                if (new SweepClaims(_folder, new(_folder)).Take(Cell, owner.Id) is not { } claim) continue;
                int now = Interlocked.Increment(ref holders);
                InterlockedMax(ref most, now);
                Interlocked.Increment(ref had);
                Thread.SpinWait(random.Next(500));
                Interlocked.Decrement(ref holders);
                if (random.Next(3) > 0)
                {
                    _claims.Release(claim);
                    continue;
                }
                owner.Dispose(); // with its claim in place
                Interlocked.Increment(ref deaths);
                owner = new(_folder, TimeSpan.FromMinutes(1));
            }
            owner.Dispose();
        });
        Assert.Equal(1, most);
        Assert.InRange(deaths, 50, 300);

        static void InterlockedMax(ref int most, int value)
        {
            for (int seen = Volatile.Read(ref most); seen < value;) seen = Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    [Fact]
    public void Who_was_taken_for_dead_removes_no_claim_that_took_its_claims_name()
    {
        using var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1));
        var lost = _claims.Take(Cell, Elsewhere)!;
        var next = _claims.Take(Cell, owner.Id)!;
        Assert.False(File.Exists(lost.Path));
        File.WriteAllText(lost.Path, lost.Text);
        _claims.Release(lost);
        Assert.True(File.Exists(lost.Path));
        Assert.Null(_claims.Take(Cell, owner.Id));
        _claims.Release(next);
        Assert.Equal([], _claims.Held());
    }

    [Fact]
    public void A_claim_to_an_older_number_beside_a_living_one_is_withdrawn()
    {
        using var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1));
        string living = Path.Combine(_folder.Claims, $"{Cell}.1"), dead = Path.Combine(_folder.Claims, $"{Cell}.2");
        File.WriteAllText(living, $"{owner.Id} 12345678");
        File.WriteAllText(dead, $"{Elsewhere} 12345678");
        Assert.Null(_claims.Take(Cell, owner.Id));
        Assert.Equal([living, dead], Directory.GetFiles(_folder.Claims).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Deaths_add_up_and_an_end_in_peace_forgets_them()
    {
        for (int death = 0; death < 3; death++) Assert.Equal(death, _claims.Take(Cell, Elsewhere)!.Deaths);
        Assert.Equal(3, _claims.Deaths()[Cell]);
        using var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1));
        _claims.Release(_claims.Take(Cell, owner.Id)!);
        Assert.Equal(0, _claims.Take(Cell, owner.Id)!.Deaths);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0 12345678")]
    [InlineData("../plans/p.jsonl 12345678")]
    public void A_damaged_claim_is_nobodys(string text)
    {
        string other = Path.Combine(_folder.Plans, "p.jsonl");
        File.WriteAllText(other, "{}");
        File.WriteAllText(Path.Combine(_folder.Claims, $"{Cell}.1"), text);
        Assert.Empty(_claims.Held());
        Assert.Equal(1, _claims.Take(Cell, "another")!.Deaths);
        Assert.True(File.Exists(other));
    }

    [Fact]
    public void A_living_owners_claim_holds_until_it_ends()
    {
        using (var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1)))
        {
            Assert.NotNull(_claims.Take(Cell, owner.Id));
            Assert.Null(_claims.Take(Cell, "another"));
            Assert.Equal([Cell], _claims.Held());
        }
        Assert.Empty(_claims.Held());
        Assert.NotNull(_claims.Take(Cell, "another"));
    }

    [Fact]
    public void On_another_machine_an_owner_is_dead_when_it_was_silent_for_its_lease()
    {
        string file = Path.Combine(_folder.Owners, Elsewhere), left = Path.Combine(_folder.Runs, ".m-1.partial-deadbeef-1-1-00000000"), other = Path.Combine(_folder.Runs, ".m-2.partial-deadbeef-2-1-00000000");
        foreach (string folder in new[] { left, other, Path.Combine(_folder.Fetched, Elsewhere) }) Directory.CreateDirectory(folder);
        File.WriteAllText(file, "0.2 1 there 000000000000\n");
        var watch = new OwnerWatch(_folder);
        Assert.False(watch.IsDead(Elsewhere));
        Thread.Sleep(250);
        File.WriteAllText(file, "0.2 1 there 000000000001\n"); // a sign of life
        Assert.False(watch.IsDead(Elsewhere));
        Assert.False(watch.IsDead(Elsewhere));
        Thread.Sleep(250);
        Assert.False(new OwnerWatch(_folder).IsDead(Elsewhere)); // whoever comes by must watch first
        Assert.True(watch.IsDead(Elsewhere));
        Assert.False(File.Exists(file));
        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(other));
        Assert.False(Directory.Exists(Path.Combine(_folder.Fetched, Elsewhere)));
    }

    [Fact]
    public void On_this_machine_an_owner_is_dead_when_its_process_is()
    {
        using var owner = new SweepOwner(_folder, TimeSpan.FromMinutes(1));
        string mark = owner.Id[..owner.Id.LastIndexOf('-')], gone = $"{mark.Split('-')[0]}-{mark.Split('-')[1]}-1-12345678";
        File.WriteAllText(Path.Combine(_folder.Owners, gone), "60 1 here 000000000000\n");
        Assert.True(new OwnerWatch(_folder).IsDead(gone)); // its number is another's now
        Assert.False(new OwnerWatch(_folder).IsDead(owner.Id));
    }

    [Fact]
    public void An_owner_notices_that_it_was_taken_for_dead_and_does_not_rise()
    {
        using var owner = new SweepOwner(_folder, TimeSpan.FromSeconds(0.3));
        string file = Path.Combine(_folder.Owners, owner.Id), first = File.ReadAllText(file);
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(file) is { Length: var length } text && length == first.Length && text != first, 30_000));
        Assert.False(owner.Lost.IsCancellationRequested);
        File.Delete(file);
        Assert.True(owner.Lost.WaitHandle.WaitOne(30_000));
        Assert.False(File.Exists(file));
    }

    public void Dispose() => _temporary.Dispose();
}
