using System.Globalization;
using System.Security.Cryptography;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Interventions;

namespace Castalia.Runs;

/// <summary>Finished portions of a run of interventions, a file each in a hidden folder beside the run folders.</summary>
/// <remarks>
/// The folder's name is a hash of all that decides the readings: program, files of the checkpoint by length and time, prompts, options and
/// interventions. It is removed when the run is complete. A file that is not whole is passed over.
/// </remarks>
sealed class PortionJournal : IPortionJournal
{
    /// <summary>Raised when what a portion's file holds changes.</summary>
    public const int Format = 2;

    const int HashBytes = 32;

    readonly string _folder;
    readonly CancellationToken _cancellation;

    /// <param name="parent">Where run folders are made.</param>
    /// <param name="key">What decides the readings.</param>
    /// <param name="cancellation">Portions that it cut short are not kept.</param>
    public PortionJournal(string parent, string key, CancellationToken cancellation)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
        _folder = Path.Combine(Path.GetFullPath(parent), $".castalia-portions-{hash[..24]}");
        _cancellation = cancellation;
    }

    /// <summary>Portions that were found again.</summary>
    public int Found { get; private set; }

    /// <inheritdoc/>
    public InterventionReading[]? Find(int portion, int count)
    {
        string file = FileOf(portion);
        if (!File.Exists(file)) return null;
        byte[] bytes = File.ReadAllBytes(file);
        if (bytes.Length < HashBytes || !SHA256.HashData(bytes.AsSpan(HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, HashBytes))) return null;
        using var reader = new BinaryReader(new MemoryStream(bytes, HashBytes, bytes.Length - HashBytes));
        if (reader.ReadInt32() != count) return null;
        var readings = new InterventionReading[count];
        for (int i = 0; i < count; i++) readings[i] = Read(reader);
        Found++;
        return readings;
    }

    /// <inheritdoc/>
    public void Keep(int portion, InterventionReading[] readings)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(readings.Length);
            foreach (var reading in readings) Write(writer, reading);
        }
        byte[] bytes = memory.ToArray();
        string file = FileOf(portion), partial = file + ".partial";
        try
        {
            Directory.CreateDirectory(_folder);
            using (var stream = File.Create(partial))
            {
                stream.Write(SHA256.HashData(bytes));
                stream.Write(bytes);
            }
            File.Move(partial, file, overwrite: true);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw new InputException($"A finished portion cannot be kept: {e.Message}", _folder, "Name a folder you may write to, with room in it, by --out.", e);
        }
    }

    /// <summary>The run is complete.</summary>
    public void Remove()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    string FileOf(int portion) => Path.Combine(_folder, portion.ToString("00000000", CultureInfo.InvariantCulture));

    static InterventionReading Read(BinaryReader reader)
    {
        double[] gains = new double[reader.ReadInt32()];
        for (int i = 0; i < gains.Length; i++) gains[i] = reader.ReadDouble();
        var reading = new InterventionReading(gains, reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), (EffectForm)reader.ReadInt32());
        var along = new AlongReading[reader.ReadInt32()];
        for (int i = 0; i < along.Length; i++) along[i] = new(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        return reading with { Along = along };
    }

    static void Write(BinaryWriter writer, InterventionReading reading)
    {
        writer.Write(reading.Gains.Count);
        foreach (double gain in reading.Gains) writer.Write(gain);
        writer.Write(reading.EntropyNats);
        writer.Write(reading.KlNats);
        writer.Write(reading.TopToken);
        writer.Write(reading.TopProbability);
        writer.Write(reading.LossNats);
        writer.Write((int)reading.Form);
        writer.Write(reading.Along.Count);
        foreach (var along in reading.Along)
        {
            writer.Write(along.Block);
            foreach (double value in new[] { along.Pre, along.Written, along.CleanPre, along.CleanWritten }) writer.Write(value);
        }
    }
}
