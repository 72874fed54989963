using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>Whether every seed is read as it is: what is refused from the first does not lead far.</summary>
static class SeedCheck
{
    /// <summary>The seeds that are not taken as they should be, with what was said.</summary>
    public static IReadOnlyList<string> Run()
    {
        string folder = CaseFolder.New();
        try
        {
            var cases = new CaseFolder(folder);
            return
            [
                .. from reader in AllReaders.List
                   from seed in reader.All
                   let outcome = Worker.Judged(cases, Case.Unchanged(reader, seed))
                   let wrong = outcome.Fault ?? (seed.IsAccepted == (outcome.Refusal is null) ? null : outcome.Refusal ?? "It was read.")
                   where wrong is not null
                   select $"{reader.Name}, {seed.Name}: {wrong}",
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
