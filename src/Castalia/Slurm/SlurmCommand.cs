using System.ComponentModel;
using System.Diagnostics;
using Castalia.Errors;

namespace Castalia.Slurm;

/// <summary>Asks Slurm through its own commands, which know where its controller is and who asks.</summary>
static class SlurmCommand
{
    // Commands try for some 9 s to reach a controller that is gone.
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>What a command prints on standard output.</summary>
    /// <param name="program">sbatch, squeue, sinfo or scontrol.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="InputException">It is not there; it ends with an error; it does not end.</exception>
    public static string Output(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(IsOfUser).ToList()) start.Environment.Remove(name);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw SlurmErrors.NotInstalled(program, e);
        }
        using (process)
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                throw SlurmErrors.NoAnswer(program, s_patience);
            }
            string said = string.Join("; ", error.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            if (process.ExitCode != 0) throw SlurmErrors.Refused(program, said.Length > 0 ? said : FormattableString.Invariant($"exit code {process.ExitCode}"));
            return output.GetAwaiter().GetResult();
        }
    }

    /// <summary>Whether a variable changes what squeue and sinfo list.</summary>
    static bool IsOfUser(string variable) => variable.StartsWith("SQUEUE_", StringComparison.Ordinal) || variable.StartsWith("SINFO_", StringComparison.Ordinal);
}
