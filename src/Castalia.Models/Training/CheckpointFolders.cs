using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Derivatives;
using Castalia.Errors;

namespace Castalia.Training;

/// <summary>The checkpoints of one network in training: genuine Hugging Face folders <c>stepN</c>, the latest with what is needed to go on.</summary>
/// <remarks>
/// A folder appears under its name when it is complete. What is needed to go on lies in its folder <c>training</c>, which is removed when a later checkpoint is complete:
/// <c>state.safetensors</c>, AdamW's means, and <c>steps.csv</c>, what every step showed.
/// </remarks>
/// <param name="folder">The network's folder.</param>
/// <param name="recipe">SHA-256 of all that decides the network's bits.</param>
/// <param name="copied">Files that are laid beside the weights of each, by name, and where they are.</param>
sealed class CheckpointFolders(string folder, string recipe, IReadOnlyDictionary<string, string> copied)
{
    const string Training = "training", State = "state.safetensors", Log = "steps.csv", Prefix = "step", Contents = "castalia training 1";

    const string Header = "step,loss_nats,least_loss_nats,gradient_norm,learning_rate\n";

    /// <summary>Where a checkpoint is or will be.</summary>
    public string Of(int step) => Path.Combine(folder, Prefix + step.ToString(CultureInfo.InvariantCulture));

    /// <summary>Steps whose checkpoints are complete, ascending.</summary>
    public IReadOnlyList<int> Steps => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder, Prefix + "*").Select(path => Path.GetFileName(path)[Prefix.Length..])
            .Where(digits => digits.All(char.IsAsciiDigit)).Select(digits => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : -1).Where(step => step >= 0).Order(),
    ];

    /// <summary>Writes the checkpoint of step 0.</summary>
    public void Begin(ModelForm form, IReadOnlyDictionary<string, float[]> values, IReadOnlyDictionary<string, string> texts)
    {
        using var output = Opened(0, form.Architecture.ExpectedParameters);
        Written(() =>
        {
            using (var weights = SafetensorsWriter.Create(Path.Combine(output.Partial, "model.safetensors"), StoredTensors.Of(form.Architecture), new Dictionary<string, string> { ["format"] = "pt" }))
            {
                foreach (var (name, of) in values) weights.Write(name, 0, of);
                weights.Complete();
            }
            Texts(output.Partial, form.Config, texts);
            Directory.CreateDirectory(Path.Combine(output.Partial, Training));
            using (var state = SafetensorsWriter.Create(Path.Combine(output.Partial, Training, State), [], Metadata(0))) state.Complete();
            File.WriteAllText(Path.Combine(output.Partial, Training, Log), Header);
        });
        output.Publish();
    }

    /// <summary>Writes the checkpoint of the trainer's step, and removes what it replaces.</summary>
    /// <param name="trainer">The network.</param>
    /// <param name="parameters">Its weights.</param>
    /// <param name="config">config.json.</param>
    /// <param name="texts">Further files.</param>
    /// <param name="shown">What the steps since the last checkpoint showed.</param>
    /// <param name="keepsLastOnly">Earlier checkpoints go.</param>
    public void Write(Trainer trainer, ParameterSet parameters, JsonObject config, IReadOnlyDictionary<string, string> texts, IEnumerable<TrainingStep> shown, bool keepsLastOnly)
    {
        int step = trainer.Step, before = Steps.Last(of => of < step);
        var learnt = trainer.Tensors.Where(tensor => !tensor.IsHeld).ToList();
        using var output = Opened(step, parameters.Tensors.Sum(tensor => tensor.Count));
        Written(() =>
        {
            using (var weights = SafetensorsWriter.Create(
                Path.Combine(output.Partial, "model.safetensors"), [.. parameters.Tensors.Select(Entry)], new Dictionary<string, string> { ["format"] = "pt" }))
            {
                foreach (var tensor in parameters.Tensors) weights.Write(tensor.Name, 0, parameters[tensor]);
                weights.Complete();
            }
            Texts(output.Partial, config, texts);
            Directory.CreateDirectory(Path.Combine(output.Partial, Training));
            using (var state = SafetensorsWriter.Create(
                Path.Combine(output.Partial, Training, State), [.. learnt.SelectMany(tensor => new[] { Entry(tensor.Tensor, "mean"), Entry(tensor.Tensor, "square") })], Metadata(step)))
            {
                foreach (var tensor in learnt)
                {
                    state.Write($"mean.{tensor.Tensor.Name}", 0, tensor.Means);
                    state.Write($"square.{tensor.Tensor.Name}", 0, tensor.Squares);
                }
                state.Complete();
            }
            string log = Path.Combine(output.Partial, Training, Log);
            File.Copy(Path.Combine(Of(before), Training, Log), log);
            File.AppendAllText(log, string.Concat(shown.Select(Line)));
        });
        output.Publish();
        Remove(Path.Combine(Of(before), Training));
        if (keepsLastOnly) Remove(Of(before));
    }

    /// <summary>Takes up what is needed to go on from a checkpoint.</summary>
    /// <exception cref="InputException">It is of another recipe, or cannot be read.</exception>
    public void Resume(int step, Trainer trainer)
    {
        string file = Path.Combine(Of(step), Training, State);
        if (!File.Exists(file)) throw TrainingErrors.NoState(file);
        using var mapped = MappedFile.Open(file);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var stored = SafetensorsFile.Read(mapped, metadata).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        if (metadata.GetValueOrDefault("recipe") != recipe || metadata.GetValueOrDefault("step") != Number(step)) throw TrainingErrors.OtherRecipe(folder);
        if (step > 0)
            foreach (var tensor in trainer.Tensors.Where(tensor => !tensor.IsHeld))
            {
                Take("mean", tensor.Means, tensor.Tensor);
                Take("square", tensor.Squares, tensor.Tensor);
            }
        trainer.Step = step;

        void Take(string kind, float[] values, Tensor of)
        {
            if (!stored.TryGetValue($"{kind}.{of.Name}", out var tensor) || tensor.Count != of.Count || tensor.DType != DType.F32) throw TrainingErrors.NoState(file);
            for (int row = 0; row < tensor.Rows; row++) Widen.Row(tensor, row, 0, values.AsSpan(row * (int)tensor.Columns, (int)tensor.Columns));
        }
    }

    /// <summary>What the steps up to a checkpoint showed.</summary>
    public IReadOnlyList<TrainingStep> Shown(int step)
    {
        string file = Path.Combine(Of(step), Training, Log);
        string[] lines = Encoding.UTF8.GetString(InputFile.Bytes(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. lines.Skip(1).Select(line => line.Split(',')).Where(cells => cells.Length == 5)
                .Select(cells => new TrainingStep((int)(Value(cells[0]) ?? 0), Value(cells[1]) ?? double.NaN, Value(cells[2]), Value(cells[3]) ?? double.NaN, Value(cells[4]) ?? double.NaN)),
        ];

        static double? Value(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    OutputFolder Opened(int step, long parameters)
    {
        try
        {
            return OutputFolder.Begin(Of(step), 3 * sizeof(float) * parameters);
        }
        catch (InputException e)
        {
            throw TrainingErrors.NotWritable(folder, e.Cause, e);
        }
    }

    void Written(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw TrainingErrors.NotWritable(folder, e.Message, e);
        }
    }

    void Texts(string partial, JsonObject config, IReadOnlyDictionary<string, string> texts)
    {
        File.WriteAllText(Path.Combine(partial, "config.json"), JsonText.Of(config));
        foreach (var (name, text) in texts) File.WriteAllText(Path.Combine(partial, name), text);
        foreach (var (name, from) in copied) File.Copy(from, Path.Combine(partial, name));
    }

    Dictionary<string, string> Metadata(int step) => new() { ["contents"] = Contents, ["step"] = Number(step), ["recipe"] = recipe };

    static SafetensorsEntry Entry(Tensor tensor) => new(tensor.Name, DType.F32, tensor.Shape);

    static SafetensorsEntry Entry(Tensor tensor, string kind) => new($"{kind}.{tensor.Name}", DType.F32, tensor.Shape);

    static string Line(TrainingStep s) => string.Create(CultureInfo.InvariantCulture, $"{s.Step},{s.Loss:R},{s.Entropy:R},{s.GradientNorm:R},{s.Rate:R}\n");

    static string Number(int step) => step.ToString(CultureInfo.InvariantCulture);

    static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stays takes room and does no harm.
        }
    }
}
