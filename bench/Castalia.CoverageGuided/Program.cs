using Castalia.Errors;
using Castalia.Fuzzing.Readers;
using Castalia.Fuzzing.Running;
using SharpFuzz;

// Under afl-fuzz: what comes on standard input is put before a reader of the fuzzer, as the file that its first seed mutates. See the script "run" beside this.
// "guided READER FOLDER" keeps it in that folder; "seeds READER FOLDER" writes that file of every seed of the same shape, for afl-fuzz to begin from.
var reader = AllReaders.Named(args[^2]) ?? throw new ArgumentException($"There is no reader '{args[^2]}'.");
var seed = reader.All[0];
var mutated = seed.Files.First(file => file.Weight > 0);
if (args[0] == "seeds")
{
    foreach (var (other, i) in reader.All.Select((other, i) => (other, i)))
        if (other.Files.FirstOrDefault(file => file.Name == mutated.Name && file.Content.Zeros == 0) is { } file)
            File.WriteAllBytes(Path.Combine(args[^1], $"{i}"), file.Wrap(file.Content.Bytes, new(0, 0)));
    return;
}
var folder = new CaseFolder(args[^1]);
Fuzzer.OutOfProcess.Run(stream =>
{
    using var bytes = new MemoryStream();
    stream.CopyTo(bytes);
    try
    {
        reader.Read(folder.Put(new(reader, seed, mutated, new(bytes.ToArray()), "guided")).Path);
    }
    catch (InputException)
    {
        // As it should be.
    }
});
